// SPDX-License-Identifier: Apache-2.0
// What was decided, by whom, and what was taken back.

import { useState } from "preact/hooks";

import { fetchDecided, revokeDecision } from "../api/decisions";
import type { Decided, Kind } from "../api/decisions";
import type { Link } from "../api/desa";
import type { Session } from "../api/session";
import { desaName } from "../parts/describe";
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
import type { DecideWords } from "./words";

const rowsAtFirst = 100;
const bootDigits = 8;

/** "outage-12-1767225600": its kind, and where and when it is. */
export function partsOf(item: string, w: DecideWords, links: Map<number, Link>): string {
  const kind = (Object.keys(w.kinds) as Kind[]).find((one) => item.startsWith(`${one}-`));
  if (!kind) return item;
  const rest = item.slice(kind.length + 1);
  if (kind === "exclusion" || kind === "objection") return `${w.kinds[kind]} ${rest}`;
  const link = links.get(Number(rest.split("-")[0]));
  return link ? `${w.kinds[kind]}: ${desaName(link)}` : `${w.kinds[kind]} ${rest}`;
}

function decisionOf(row: Decided, w: DecideWords): string {
  if (row.kind === "dismissal") return w.logDismissed;
  return row.decision === "none" ? w.logNone : w.logBoot(row.decision.slice(0, bootDigits));
}

function State(props: { row: Decided; may: boolean; reload: () => void }) {
  const { row } = props;
  const w = useWords(words);
  const common = useCommon();

  if (row.revoked) {
    return (
      <>
        {w.revokedBy(row.revoked_by ?? "–", row.revoke_note ?? "–")}
        <span class="under">{wholeTime(row.revoked, "WITA", common)}</span>
      </>
    );
  }
  return (
    <>
      {w.inForce}{" "}
      {props.may && (
        <NoteForm
          name={w.takeBack}
          label={w.takeBackNote}
          send={(note) => revokeDecision(row.kind, row.number, note)}
          done={props.reload}
        />
      )}
    </>
  );
}

function useColumns(may: boolean, reload: () => void): Column<Decided>[] {
  const w = useWords(words);
  const common = useCommon();
  const links = useLinks();
  const names = w.logColumns;
  const time = (iso: string) => wholeTime(iso, "WITA", common);

  return [
    {
      name: names.what,
      head: true,
      cell: (row) => (
        <>
          {row.kind === "dismissal" ? partsOf(row.what, w, links) : w.kinds.dispute}
          <span class="under">{row.what}</span>
          {row.from && row.to && (
            <span class="under">
              {time(row.from)} {w.until(time(row.to))}
            </span>
          )}
        </>
      ),
    },
    {
      name: names.decision,
      cell: (row) => (
        <>
          {decisionOf(row, w)}
          <span class="under">{row.note}</span>
        </>
      ),
    },
    {
      name: names.by,
      cell: (row) => (
        <>
          {row.by}
          <span class="under">{time(row.entered)}</span>
        </>
      ),
    },
    { name: names.state, cell: (row) => <State row={row} may={may} reload={reload} /> },
  ];
}

export function Log(props: { session: Session }) {
  const w = useWords(words);
  const common = useCommon();
  const [limit, setLimit] = useState(rowsAtFirst);
  const [turn, setTurn] = useState(0);
  const { answer, problem } = useAsked(() => fetchDecided(limit), [limit, turn]);
  const may = props.session.role === "officer" || props.session.role === "admin";

  const reload = () => {
    decided();
    setTurn((n) => n + 1);
  };
  const columns = useColumns(may, reload);

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="message">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="card">{w.noLog}</p>;
  return (
    <>
      <p class="soft">{w.logHint}</p>
      <Table
        class="decide-table"
        caption={w.sections.riwayat}
        columns={columns}
        rows={answer.rows}
        rowKey={(row) => `${row.kind}-${row.number}`}
      />
      <More
        shown={answer.rows.length}
        total={answer.total}
        more={() => setLimit(limit + rowsAtFirst)}
      />
    </>
  );
}
