// SPDX-License-Identifier: Apache-2.0
// The outages of the month, with why and how that is known.

import type { Outage } from "../api/links";
import { duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { Table } from "../parts/table";
import type { Column } from "../parts/table";
import { words } from "./words";

export function OutageTable(props: {
  outages: Outage[];
  zone: string;
  explain: (at: number) => void;
}) {
  const w = useWords(words);
  const common = useCommon();
  const names = w.outageColumns;
  const time = (iso: string | null) => (iso ? wholeTime(iso, props.zone, common) : "–");
  const columns: Column<Outage>[] = [
    {
      name: names.start,
      head: true,
      cell: ({ start }) => (
        <>
          {time(start)}
          <button
            type="button"
            class="quiet row-explain"
            onClick={() => props.explain(Date.parse(start) / 1000)}
          >
            {w.explain}
          </button>
        </>
      ),
    },
    { name: names.end, cell: ({ end }) => (end ? time(end) : w.lasting) },
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
      cell: ({ cause, note }) => (
        <>
          {common.causes[cause ?? ""] ?? cause ?? "–"}
          {note && <span class="under">{note}</span>}
        </>
      ),
    },
    {
      name: names.evidence,
      cell: (outage) => w.evidence(time(outage.first_lost), time(outage.first_answered)),
    },
    {
      name: names.ticket,
      cell: ({ ticket, objection }) => (
        <>
          {ticket ?? "–"}
          {objection && <span class="under">{w.objected}</span>}
        </>
      ),
    },
  ];

  if (props.outages.length === 0) return <p class="soft">{w.noOutages}</p>;
  return (
    <Table
      caption={w.outages}
      columns={columns}
      rows={[...props.outages].reverse()}
      rowKey={(outage) => outage.start}
    />
  );
}
