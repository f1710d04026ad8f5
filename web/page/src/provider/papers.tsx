// SPDX-License-Identifier: Apache-2.0
// Objections with their answers, and tickets.

import { useState } from "preact/hooks";

import { fetchNewest } from "../api/decisions";
import { answerObjection, fetchObjections } from "../api/objections";
import type { Objection } from "../api/objections";
import type { Ticket } from "../api/provider";
import { nameOf } from "../decide/names";
import { decimal, wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { useAsked } from "../parts/use-asked";
import { useLinks } from "../parts/use-links";
import { decided } from "../shell/waiting";
import { words } from "./words";

const rowsAtFirst = 50;

function More(props: { shown: number; total: number; more: () => void }) {
  const common = useCommon();
  const language = useLanguage();
  const number = (value: number) => decimal(value, 0, language);

  if (props.total <= props.shown) return null;
  return (
    <button type="button" class="more" onClick={props.more}>
      {common.more} ({common.shownOf(number(props.shown), number(props.total))})
    </button>
  );
}

function ObjectionRow(props: { objection: Objection; may: boolean; done: () => void }) {
  const { objection: one } = props;
  const w = useWords(words);
  const common = useCommon();
  const of = { link: one.link, desa: null, provider: one.provider };
  const { desa, place, zone } = nameOf(of, useLinks());
  const columns = w.objectionColumns;
  const time = (iso: string) => wholeTime(iso, zone, common);
  const state = one.answer === "accepted" ? "up" : one.answer ? "down" : "degraded";
  const answer = (accept: boolean) => (note: string) =>
    answerObjection(one.objection, accept, note);

  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="place">
        <span class="desa">{desa}</span>
        <span class="under">{place}</span>
        <span class="under">{time(one.at)}</span>
      </th>
      <td role="cell" class="words" data-label={columns.words}>
        {one.note}
        <span class="under">{w.saidBy(one.by, time(one.entered))}</span>
      </td>
      <td role="cell" class="words" data-label={columns.answer}>
        <span class={`badge state-${state}`}>{w.answers[one.answer ?? "waiting"]}</span>
        {one.answer_note && <span class="answer-note">{one.answer_note}</span>}
        {one.answered && (
          <span class="under">{w.answeredBy(one.answered_by ?? "", time(one.answered))}</span>
        )}
        {props.may && !one.answer && (
          <>
            <NoteForm
              name={w.accept}
              label={w.answerNote}
              send={answer(true)}
              done={props.done}
            />
            <NoteForm
              name={w.refuse}
              label={w.answerNote}
              send={answer(false)}
              done={props.done}
            />
          </>
        )}
      </td>
    </tr>
  );
}

export function Objections(props: {
  provider: string;
  may: boolean; // answer
  turn: number;
  done: () => void;
}) {
  const w = useWords(words);
  const common = useCommon();
  const [limit, setLimit] = useState(rowsAtFirst);
  const { answer, problem } = useAsked(
    () => fetchObjections({ provider: props.provider }, limit),
    [props.provider, limit, props.turn],
  );

  if (problem) return <p class="problem">{common.failed(problem)}</p>;
  if (!answer) return <p class="soft">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noObjections}</p>;
  return (
    <>
      <table role="table" class="links">
        <caption>{w.objections}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {Object.entries(w.objectionColumns).map(([key, label]) => (
              <th key={key} role="columnheader" scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {answer.rows.map((one) => (
            <ObjectionRow
              key={one.objection}
              objection={one}
              may={props.may}
              done={() => {
                decided();
                props.done();
              }}
            />
          ))}
        </tbody>
      </table>
      <More
        shown={answer.rows.length}
        total={answer.total}
        more={() => setLimit(limit + rowsAtFirst)}
      />
    </>
  );
}

export function Tickets(props: { provider: string }) {
  const w = useWords(words);
  const common = useCommon();
  const links = useLinks();
  const [limit, setLimit] = useState(rowsAtFirst);
  const { answer, problem } = useAsked(
    () => fetchNewest<Ticket>("/api/v1/tickets", { provider: props.provider }, limit),
    [props.provider, limit],
  );

  if (problem) return <p class="problem">{common.failed(problem)}</p>;
  if (!answer) return <p class="soft">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noTickets}</p>;
  return (
    <>
      <table role="table" class="links">
        <caption>{w.tickets}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {Object.entries(w.ticketColumns).map(([key, label]) => (
              <th key={key} role="columnheader" scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {answer.rows.map((ticket) => {
            const of = { link: ticket.link, desa: null, provider: props.provider };
            const { desa, zone } = nameOf(of, links);
            return (
              <tr key={ticket.ticket} role="row">
                <th role="rowheader" scope="row" class="place">
                  {ticket.number}
                  {ticket.revoked && <span class="under">{w.revoked}</span>}
                </th>
                <td role="cell" data-label={w.ticketColumns.link}>
                  {desa}
                </td>
                <td role="cell" data-label={w.ticketColumns.opened}>
                  {wholeTime(ticket.opened, zone, common)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <More
        shown={answer.rows.length}
        total={answer.total}
        more={() => setLimit(limit + rowsAtFirst)}
      />
    </>
  );
}
