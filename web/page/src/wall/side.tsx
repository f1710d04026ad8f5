// SPDX-License-Identifier: Apache-2.0
// Beside the wall: the link that is chosen, and what is in trouble, the newest first.

import { Component } from "preact";
import { useMemo } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive, useNow } from "../live/context";
import { shownOf } from "../live/shown";
import { causeWords, desaName, placeName } from "../parts/describe";
import { briefly, decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import type { Words } from "../parts/words";
import { troubles } from "./choice";
import type { Choice } from "./choice";
import { Details } from "./details";
import { words } from "./words";

const mostRows = 24;

interface TroubleProps {
  link: Link;
  now: number;
  common: Words;
  choose: (link: Link) => void;
}

/** Drawn anew only when its link changed, or time went on. */
class Trouble extends Component<TroubleProps> {
  override shouldComponentUpdate(next: TroubleProps): boolean {
    const { link, now, common } = this.props;
    return next.link !== link || next.now !== now || next.common !== common;
  }

  override render() {
    const { link, now, common, choose } = this.props;
    const shown = shownOf(link);
    const age = link.since ? briefly((now - Date.parse(link.since)) / 1000, common) : "";

    return (
      <li>
        <button type="button" class={`trouble state-${shown}`} onClick={() => choose(link)}>
          <StateMark state={shown} />
          <span class="trouble-words">
            <strong>{desaName(link)}</strong>
            <span class="soft">{placeName(link)}</span>
            <span>{causeWords(link, common) || common.states[shown]}</span>
          </span>
          <span class="trouble-age">{age}</span>
        </button>
      </li>
    );
  }
}

export function Side(props: {
  choice: Choice;
  chosen: Link | undefined;
  choose: (link: Link) => void;
  close: () => void;
}) {
  const { choice } = props;
  const { links, version } = useLive();
  const w = useWords(words);
  const language = useLanguage();
  const common = useCommon();
  const now = useNow();
  const { newest, count } = useMemo(
    () => troubles(links, mostRows, { ...choice, state: null }),
    [version, choice],
  );

  return (
    <aside class="side">
      {props.chosen && (
        <section class="side-chosen" aria-label={w.chosen}>
          <button type="button" class="quiet side-close" onClick={props.close}>
            {w.close}
          </button>
          <Details link={props.chosen} full />
        </section>
      )}
      <h2>{w.newest}</h2>
      {count === 0 && <p class="soft">{w.nothingWrong}</p>}
      <ol class="troubles">
        {newest.map((link) => (
          <Trouble key={link.link} link={link} now={now} common={common} choose={props.choose} />
        ))}
      </ol>
      {count > newest.length && (
        <p class="soft">{w.more(decimal(count - newest.length, 0, language))}</p>
      )}
    </aside>
  );
}
