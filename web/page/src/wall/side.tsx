// SPDX-License-Identifier: Apache-2.0
// Beside the wall: the link that is chosen, and what is in trouble, the newest first.

import { useMemo } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive, useNow } from "../live/context";
import { countShown, shownOf } from "../live/shown";
import { causeWords, desaName, placeName } from "../parts/describe";
import { briefly, decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import { troubles } from "./choice";
import { Details } from "./details";
import { words } from "./words";

const mostRows = 40;

function Trouble(props: { link: Link; now: number; choose: (link: Link) => void }) {
  const { link } = props;
  const common = useCommon();
  const shown = shownOf(link);
  const age = link.since ? briefly((props.now - Date.parse(link.since)) / 1000, common) : "";

  return (
    <li>
      <button type="button" class={`trouble state-${shown}`} onClick={() => props.choose(link)}>
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

export function Side(props: {
  chosen: Link | undefined;
  choose: (link: Link) => void;
  close: () => void;
}) {
  const { links, version } = useLive();
  const w = useWords(words);
  const language = useLanguage();
  const now = useNow();
  const rows = useMemo(() => troubles(links, mostRows), [version]);
  const counts = countShown(links);
  const all = counts.down + counts.unknown + counts.power + counts.silent + counts.degraded;

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
      {rows.length === 0 && <p class="soft">{w.nothingWrong}</p>}
      <ol class="troubles">
        {rows.map((link) => (
          <Trouble key={link.link} link={link} now={now} choose={props.choose} />
        ))}
      </ol>
      {all > rows.length && (
        <p class="soft">{w.more(decimal(all - rows.length, 0, language))}</p>
      )}
    </aside>
  );
}
