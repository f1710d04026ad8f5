// SPDX-License-Identifier: Apache-2.0
// Objections with their answers, and tickets.

import { useState } from "preact/hooks";

import { fetchNewest } from "../api/decisions";
import { answerObjection, fetchObjections } from "../api/objections";
import type { Objection } from "../api/objections";
import type { Ticket } from "../api/provider";
import { nameOf } from "../decide/names";
import { wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { Problem } from "../parts/problem";
import { More, Table } from "../parts/table";
import type { Column } from "../parts/table";
import { useAsked } from "../parts/use-asked";
import { useLinks } from "../parts/use-links";
import { decided } from "../shell/waiting";
import { words } from "./words";

const rowsAtFirst = 50;

interface Answering {
  may: boolean;
  done: () => void;
}

function Answer({ objection: one, may, done }: Answering & { objection: Objection }) {
  const w = useWords(words);
  const common = useCommon();
  const { zone } = nameOf({ link: one.link, desa: null, provider: one.provider }, useLinks());
  const state = one.answer === "accepted" ? "up" : one.answer ? "down" : "degraded";
  const send = (accept: boolean) => (note: string) => answerObjection(one.objection, accept, note);

  return (
    <>
      <span class={`badge state-${state}`}>{w.answers[one.answer ?? "waiting"]}</span>
      {one.answer_note && <span class="answer-note">{one.answer_note}</span>}
      {one.answered && (
        <span class="under">
          {w.answeredBy(one.answered_by ?? "", wholeTime(one.answered, zone, common))}
        </span>
      )}
      {may && !one.answer && (
        <>
          <NoteForm name={w.accept} label={w.answerNote} send={send(true)} done={done} />
          <NoteForm name={w.refuse} label={w.answerNote} send={send(false)} done={done} />
        </>
      )}
    </>
  );
}

function useObjectionColumns(answering: Answering): Column<Objection>[] {
  const w = useWords(words);
  const common = useCommon();
  const links = useLinks();
  const names = w.objectionColumns;
  const of = ({ link, provider }: Objection) => nameOf({ link, desa: null, provider }, links);
  const time = (one: Objection, iso: string) => wholeTime(iso, of(one).zone, common);

  return [
    {
      name: names.outage,
      head: true,
      cell: (one) => (
        <>
          <span class="desa">{of(one).desa}</span>
          <span class="under">{of(one).place}</span>
          <span class="under">{time(one, one.at)}</span>
        </>
      ),
    },
    {
      name: names.words,
      class: "words",
      cell: (one) => (
        <>
          {one.note}
          <span class="under">{w.saidBy(one.by, time(one, one.entered))}</span>
        </>
      ),
    },
    {
      name: names.answer,
      class: "words",
      cell: (one) => <Answer objection={one} {...answering} />,
    },
  ];
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

  const columns = useObjectionColumns({
    may: props.may,
    done: () => {
      decided();
      props.done();
    },
  });

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="soft">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noObjections}</p>;
  return (
    <>
      <Table
        caption={w.objections}
        columns={columns}
        rows={answer.rows}
        rowKey={(one) => one.objection}
      />
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

  const names = w.ticketColumns;
  const of = ({ link }: Ticket) => nameOf({ link, desa: null, provider: props.provider }, links);
  const columns: Column<Ticket>[] = [
    {
      name: names.number,
      head: true,
      cell: (ticket) => (
        <>
          {ticket.number}
          {ticket.revoked && <span class="under">{w.revoked}</span>}
        </>
      ),
    },
    { name: names.link, cell: (ticket) => of(ticket).desa },
    { name: names.opened, cell: (one) => wholeTime(one.opened, of(one).zone, common) },
  ];

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="soft">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noTickets}</p>;
  return (
    <>
      <Table
        caption={w.tickets}
        columns={columns}
        rows={answer.rows}
        rowKey={(ticket) => ticket.ticket}
      />
      <More
        shown={answer.rows.length}
        total={answer.total}
        more={() => setLimit(limit + rowsAtFirst)}
      />
    </>
  );
}
