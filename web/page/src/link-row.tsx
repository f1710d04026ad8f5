// SPDX-License-Identifier: Apache-2.0
// One link: where it is, how it is and since when, who provides it, what was measured.

import { Component } from "preact";

import type { Link, SlaRow } from "./api";
import { clockTime, duration, lossPercent, milliseconds, properName, wholeTime } from "./format";
import { SlaCell } from "./sla-cell";
import { StateMark } from "./state-mark";
import type { Language, Words } from "./words";

interface Props {
  link: Link;
  sla: SlaRow | undefined;
  month: string;
  changedAt: number | undefined;
  now: number;
  language: Language;
  words: Words;
}

const justNowSeconds = 5;
const flashMs = 6000; // how long a change stays marked

function ageSeconds(iso: string, now: number): number {
  return (now - Date.parse(iso)) / 1000;
}

function ageWords(seconds: number, words: Words): string {
  return seconds < justNowSeconds ? words.justNow : words.ago(duration(seconds, words));
}

function Place(props: { link: Link }) {
  const { link } = props;
  const parts = [link.kecamatan_name ?? link.kecamatan, link.kabupaten_name ?? link.kabupaten];

  return (
    <th role="rowheader" scope="row" class="place">
      <span class="desa">{properName(link.desa_name ?? link.desa)}</span>
      <span class="under">{parts.map(properName).join(", ")}</span>
    </th>
  );
}

function StateCell(props: { link: Link; now: number; words: Words }) {
  const { link, now, words } = props;
  const cause = link.cause ? (words.causes[link.cause] ?? link.cause) : null;

  return (
    <td role="cell" class="state" title={words.stateHints[link.state]}>
      <span class={`badge state-${link.state}`}>
        <StateMark state={link.state} />
        {words.states[link.state]}
      </span>
      {link.since && (
        <time class="under" dateTime={link.since} title={wholeTime(link.since, link.zone, words)}>
          {words.since(
            clockTime(link.since, link.zone, now, words),
            duration(ageSeconds(link.since, now), words),
          )}
        </time>
      )}
      {cause && link.state !== "up" && <span class="cause">{cause}</span>}
      {link.dns && <span class="cause">DNS {link.dns}</span>}
    </td>
  );
}

function ReportCell(props: { link: Link; now: number; words: Words }) {
  const { link, now, words } = props;

  return (
    <td role="cell" class="number" data-label={words.columns.report}>
      {link.last_report ? (
        <time
          dateTime={link.last_report}
          title={wholeTime(link.last_report, link.zone, words)}
        >
          {ageWords(ageSeconds(link.last_report, now), words)}
        </time>
      ) : (
        words.neverReported
      )}
    </td>
  );
}

/** Drawn anew only when something on it changed: a thousand of them share the page. */
export class LinkRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some((key) => next[key] !== this.props[key]);
  }

  override render() {
    const { link, sla, month, changedAt, now, language, words } = this.props;
    const stale = link.state === "silent" || link.state === "never"; // figures of another time
    const fresh = changedAt !== undefined && now - changedAt < flashMs;

    return (
      <tr role="row" class={`row-${link.state}${fresh ? " fresh" : ""}`}>
        <Place link={link} />
        <StateCell link={link} now={now} words={words} />
        <td role="cell" data-label={words.columns.provider}>
          <span>{link.provider}</span>
          <span class="under">
            {words.kinds[link.kind] ?? link.kind}
          </span>
        </td>
        <ReportCell link={link} now={now} words={words} />
        <td role="cell" class="number" data-label={words.columns.rtt}>
          {milliseconds(stale ? null : link.rtt_us, language)}
        </td>
        <td role="cell" class="number" data-label={words.columns.loss}>
          {lossPercent(stale ? null : link.loss_ppm, language)}
        </td>
        <SlaCell row={sla} month={month} language={language} words={words} />
      </tr>
    );
  }
}
