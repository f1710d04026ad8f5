// SPDX-License-Identifier: Apache-2.0
// The month's outages of the provider's links; each can be objected to.

import { useState } from "preact/hooks";

import { object } from "../api/objections";
import { fetchProviderOutages } from "../api/provider";
import type { OutageRow } from "../api/provider";
import { nameOf } from "../decide/names";
import { decimal, duration, wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { useAsked } from "../parts/use-asked";
import { useLinks } from "../parts/use-links";
import { linkPath } from "../shell/paths";
import { words } from "./words";

const rowsAtFirst = 100;

function Row(props: {
  outage: OutageRow;
  provider: string;
  month: string;
  may: boolean;
  done: () => void;
}) {
  const { outage } = props;
  const w = useWords(words);
  const common = useCommon();
  const of = { link: outage.link, desa: null, provider: props.provider };
  const { desa, place, zone } = nameOf(of, useLinks());
  const columns = w.outageColumns;
  const path = linkPath(outage.link);
  const time = (iso: string) => wholeTime(iso, zone, common);

  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="place">
        <span class="desa">{desa}</span>
        <span class="under">{place}</span>
        {path && <a href={`${path}?bulan=${props.month}&saat=${outage.start}`}>{w.look}</a>}
      </th>
      <td role="cell" data-label={columns.when}>
        {time(outage.start)}
        <span class="under">{outage.end ? w.until(time(outage.end)) : w.lasting}</span>
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
        {outage.ticket && <span class="under">{w.ticket(outage.ticket)}</span>}
      </td>
      <td role="cell" data-label={columns.objection}>
        {outage.objection && <span class="badge state-degraded">{w.waits}</span>}
        {!outage.objection && props.may && (
          <NoteForm
            name={w.object}
            label={w.objectNote}
            document={w.document}
            send={(note, document) => object(outage.link, outage.start, note, document)}
            done={props.done}
          />
        )}
        {!outage.objection && !props.may && "–"}
      </td>
    </tr>
  );
}

export function Outages(props: {
  provider: string;
  month: string;
  may: boolean;
  turn: number;
  done: () => void;
}) {
  const { provider, month, turn } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const [limit, setLimit] = useState(rowsAtFirst);
  const { answer, problem } = useAsked(
    () => fetchProviderOutages(provider, month, limit),
    [provider, month, limit, turn],
  );

  if (problem) return <p class="problem">{common.failed(problem)}</p>;
  if (!answer) return <p class="soft">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noOutages}</p>;
  return (
    <>
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
          {answer.rows.map((outage) => (
            <Row
              key={`${outage.link}-${outage.start}`}
              outage={outage}
              provider={provider}
              month={month}
              may={props.may}
              done={props.done}
            />
          ))}
        </tbody>
      </table>
      {answer.total > answer.rows.length && (
        <button type="button" class="more" onClick={() => setLimit(limit + rowsAtFirst)}>
          {common.more} (
          {common.shownOf(
            decimal(answer.rows.length, 0, language),
            decimal(answer.total, 0, language),
          )}
          )
        </button>
      )}
    </>
  );
}
