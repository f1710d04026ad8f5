// SPDX-License-Identifier: Apache-2.0
// One link: where it is, how it stands, since when and why.

import { Component } from "preact";

import type { Link } from "../api/desa";
import type { SlaRow } from "../api/sla";
import { shownOf } from "../live/shown";
import { causeWords, dayWords, desaName, placeName, sinceWords } from "../parts/describe";
import { duration, lossPercent, milliseconds, wholeTime } from "../parts/format";
import { LanguageContext } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import { words as commonWords } from "../parts/words";
import type { Words } from "../parts/words";
import { linkPath } from "../shell/paths";
import { SlaCell } from "./sla-cell";
import { words } from "./words";

interface Props {
  link: Link;
  sla: SlaRow | undefined;
  month: string;
  changedAt: number | undefined;
  now: number;
}

const justNowSeconds = 5;
const flashMs = 6000; // how long a change stays marked

function ageWords(seconds: number, words: Words): string {
  return seconds < justNowSeconds ? words.justNow : words.ago(duration(seconds, words));
}

function Place(props: { link: Link }) {
  const { link } = props;
  const path = linkPath(link.link);

  return (
    <th role="rowheader" scope="row" class="place">
      {path ? (
        <a class="desa" href={path}>
          {desaName(link)}
        </a>
      ) : (
        <span class="desa">{desaName(link)}</span>
      )}
      <span class="under">{placeName(link)}</span>
    </th>
  );
}

export function StateBadge(props: { link: Link; words: Words }) {
  const shown = shownOf(props.link);

  return (
    <span class={`badge state-${shown}`}>
      <StateMark state={shown} />
      {props.words.states[shown]}
    </span>
  );
}

function StateCell(props: { link: Link; now: number; words: Words }) {
  const { link, now, words } = props;
  const cause = causeWords(link, words);

  return (
    <td role="cell" class="state" title={words.stateHints[shownOf(link)]}>
      <StateBadge link={link} words={words} />
      {link.since && (
        <time class="under" dateTime={link.since} title={wholeTime(link.since, link.zone, words)}>
          {sinceWords(link, now, words)}
        </time>
      )}
      {cause && <span class="cause">{cause}</span>}
    </td>
  );
}

function ReportCell(props: { link: Link; now: number; words: Words; label: string }) {
  const { link, now, words } = props;
  const seconds = link.last_report ? (now - Date.parse(link.last_report)) / 1000 : 0;

  return (
    <td role="cell" class="number" data-label={props.label}>
      {link.last_report ? (
        <time
          dateTime={link.last_report}
          title={wholeTime(link.last_report, link.zone, words)}
        >
          {ageWords(seconds, words)}
        </time>
      ) : (
        words.neverReported
      )}
    </td>
  );
}

/** Drawn anew only when something on it changed: hundreds of them share the page. */
export class LinkRow extends Component<Props> {
  static override contextType = LanguageContext;

  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some((key) => next[key] !== this.props[key]);
  }

  override render() {
    const { link, sla, month, changedAt, now } = this.props;
    const language = this.context as "id" | "en";
    const common = commonWords[language];
    const { columns } = words[language];
    const stale = link.state === "silent" || link.state === "never"; // figures of another time
    const fresh = changedAt !== undefined && now - changedAt < flashMs;

    return (
      <tr role="row" class={`row-${shownOf(link)}${fresh ? " fresh" : ""}`}>
        <Place link={link} />
        <StateCell link={link} now={now} words={common} />
        <td role="cell" data-label={columns.provider}>
          <span>{link.provider}</span>
          <span class="under">{common.kinds[link.kind] ?? link.kind}</span>
        </td>
        <ReportCell link={link} now={now} words={common} label={columns.report} />
        <td role="cell" class="number" data-label={columns.rtt}>
          {milliseconds(stale ? null : link.rtt_us, language)}
        </td>
        <td role="cell" class="number" data-label={columns.loss}>
          {lossPercent(stale ? null : link.loss_ppm, language)}
        </td>
        <td role="cell" class="number" data-label={columns.day}>
          {dayWords(link, language)}
        </td>
        <SlaCell row={sla} month={month} />
      </tr>
    );
  }
}
