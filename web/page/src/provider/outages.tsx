// SPDX-License-Identifier: Apache-2.0
// The month's outages of the provider's links; each can be objected to.

import { useState } from "preact/hooks";

import { object } from "../api/objections";
import { fetchProviderOutages } from "../api/provider";
import type { OutageRow } from "../api/provider";
import { nameOf } from "../decide/names";
import { duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { Problem } from "../parts/problem";
import { More, Table } from "../parts/table";
import type { Column } from "../parts/table";
import { useAsked } from "../parts/use-asked";
import { useLinks } from "../parts/use-links";
import { linkPath } from "../shell/paths";
import { words } from "./words";

const rowsAtFirst = 100;

interface Objecting {
  may: boolean;
  done: () => void;
}

function Objection({ outage, may, done }: Objecting & { outage: OutageRow }) {
  const w = useWords(words);

  if (outage.objection) return <span class="badge state-degraded">{w.waits}</span>;
  if (!may) return <>–</>;
  return (
    <NoteForm
      name={w.object}
      label={w.objectNote}
      document={w.document}
      send={(note, document) => object(outage.link, outage.start, note, document)}
      done={done}
    />
  );
}

function useColumns(provider: string, month: string, objecting: Objecting): Column<OutageRow>[] {
  const w = useWords(words);
  const common = useCommon();
  const links = useLinks();
  const names = w.outageColumns;
  const of = ({ link }: OutageRow) => nameOf({ link, desa: null, provider }, links);
  const time = (row: OutageRow, iso: string) => wholeTime(iso, of(row).zone, common);

  return [
    {
      name: names.where,
      head: true,
      cell: (row) => {
        const path = linkPath(row.link);
        return (
          <>
            <span class="desa">{of(row).desa}</span>
            <span class="under">{of(row).place}</span>
            {path && <a href={`${path}?bulan=${month}&saat=${row.start}`}>{w.look}</a>}
          </>
        );
      },
    },
    {
      name: names.when,
      cell: (row) => (
        <>
          {time(row, row.start)}
          <span class="under">{row.end ? w.until(time(row, row.end)) : w.lasting}</span>
        </>
      ),
    },
    {
      name: names.length,
      cell: ({ d, n }) => (
        <>
          {duration(d, common)}
          {n > 0 && <span class="under">{w.orLonger(duration(d + n, common))}</span>}
        </>
      ),
    },
    {
      name: names.cause,
      cell: ({ cause, note, ticket }) => (
        <>
          {common.causes[cause ?? ""] ?? cause ?? "–"}
          {note && <span class="under">{note}</span>}
          {ticket && <span class="under">{w.ticket(ticket)}</span>}
        </>
      ),
    },
    { name: names.objection, cell: (row) => <Objection outage={row} {...objecting} /> },
  ];
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
  const [limit, setLimit] = useState(rowsAtFirst);
  const { answer, problem } = useAsked(
    () => fetchProviderOutages(provider, month, limit),
    [provider, month, limit, turn],
  );

  const columns = useColumns(provider, month, { may: props.may, done: props.done });

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="soft">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noOutages}</p>;
  return (
    <>
      <Table
        caption={w.outages}
        columns={columns}
        rows={answer.rows}
        rowKey={(outage) => `${outage.link}-${outage.start}`}
      />
      <More
        shown={answer.rows.length}
        total={answer.total}
        more={() => setLimit(limit + rowsAtFirst)}
      />
    </>
  );
}
