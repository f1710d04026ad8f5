// SPDX-License-Identifier: Apache-2.0
// The outages of the month, with why and how that is known.

import type { Outage } from "../api/links";
import { duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { words } from "./words";

function Row(props: { outage: Outage; zone: string; explain: (at: number) => void }) {
  const { outage, zone } = props;
  const w = useWords(words);
  const common = useCommon();
  const columns = w.outageColumns;
  const time = (iso: string | null) => (iso ? wholeTime(iso, zone, common) : "–");

  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="place">
        {time(outage.start)}
        <button
          type="button"
          class="quiet row-explain"
          onClick={() => props.explain(Date.parse(outage.start) / 1000)}
        >
          {w.explain}
        </button>
      </th>
      <td role="cell" data-label={columns.end}>
        {outage.end ? time(outage.end) : w.lasting}
      </td>
      <td role="cell" data-label={columns.length}>
        {duration(outage.d, common)}
        {outage.n > 0 && (
          <span class="under">{w.orLonger(duration(outage.d + outage.n, common))}</span>
        )}
      </td>
      <td role="cell" data-label={columns.cause}>
        {common.causes[outage.cause ?? ""] ?? outage.cause ?? "–"}
        {outage.note && <span class="under">{outage.note}</span>}
      </td>
      <td role="cell" data-label={columns.evidence}>
        {w.evidence(time(outage.first_lost), time(outage.first_answered))}
      </td>
      <td role="cell" data-label={columns.ticket}>
        {outage.ticket ?? "–"}
        {outage.objection && <span class="under">{w.objected}</span>}
      </td>
    </tr>
  );
}

export function OutageTable(props: {
  outages: Outage[];
  zone: string;
  explain: (at: number) => void;
}) {
  const w = useWords(words);

  if (props.outages.length === 0) return <p class="soft">{w.noOutages}</p>;
  return (
    <table role="table" class="links">
      <caption>{w.outages}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {Object.entries(w.outageColumns).map(([key, label]) => (
            <th key={key} role="columnheader" scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {[...props.outages].reverse().map((outage) => (
          <Row key={outage.start} outage={outage} zone={props.zone} explain={props.explain} />
        ))}
      </tbody>
    </table>
  );
}
