// SPDX-License-Identifier: Apache-2.0
// Exclusions with their states: who entered one, who confirmed it, who ended it.

import { useState } from "preact/hooks";

import { confirmExclusion, fetchExclusions, needsSecond, revokeExclusion } from "../api/exclusions";
import type { Exclusion } from "../api/exclusions";
import type { Session } from "../api/session";
import { useLive } from "../live/context";
import { desaName } from "../parts/describe";
import { properName, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { Problem } from "../parts/problem";
import { More, Table } from "../parts/table";
import type { Column } from "../parts/table";
import { useAsked } from "../parts/use-asked";
import { useLinks } from "../parts/use-links";
import { decided } from "../shell/waiting";
import { samePerson } from "./actions";
import { Propose } from "./propose";
import { words } from "./words";

const rowsAtFirst = 100;

type State = "counts" | "waits" | "revoked";

const shown = { counts: "up", waits: "degraded", revoked: "never" } as const;

export function stateOf(exclusion: Exclusion): State {
  if (exclusion.revoked) return "revoked";
  return needsSecond(exclusion.reason) && !exclusion.second ? "waits" : "counts";
}

/** Whose, by name where it is known here. */
function useTarget(): (exclusion: Exclusion) => string {
  const byId = useLinks();
  const { links } = useLive();

  return ({ scope, value }) => {
    if (scope === "provider") return value;
    if (scope === "link") {
      const link = byId.get(Number(value));
      return link ? `${desaName(link)} · ${link.provider}` : value;
    }
    const one = links.find((link) => link[scope] === value);
    const name = one?.[`${scope}_name`];
    return name ? properName(name) : value;
  };
}

function Standing(props: { exclusion: Exclusion; session: Session | null; reload: () => void }) {
  const { exclusion, session } = props;
  const w = useWords(words);
  const state = stateOf(exclusion);
  const mine = session !== null && samePerson(exclusion.by, session.user);
  const may = session?.role === "officer" || session?.role === "admin";

  return (
    <>
      <span class={`badge state-${shown[state]}`}>{w.exclusionStates[state]}</span>
      {state === "waits" && may && mine && <span class="under">{w.yours}</span>}
      {state === "waits" && may && !mine && (
        <NoteForm
          name={w.confirm}
          label=""
          document={w.document}
          documentOnly
          send={(_, document) => confirmExclusion(exclusion.exclusion, document)}
          done={props.reload}
        />
      )}
      {state !== "revoked" && (may || (mine && session?.role === "noc")) && (
        <NoteForm
          name={w.revoke}
          label={w.note}
          send={(note) => revokeExclusion(exclusion.exclusion, note)}
          done={props.reload}
        />
      )}
    </>
  );
}

function useColumns(session: Session | null, reload: () => void): Column<Exclusion>[] {
  const w = useWords(words);
  const common = useCommon();
  const target = useTarget();
  const names = w.exclusionColumns;
  const time = (iso: string) => wholeTime(iso, "WITA", common);

  return [
    {
      name: names.what,
      head: true,
      cell: (one) => (
        <>
          <span class="desa">{target(one)}</span>
          <span class="under">
            {w.scopes[one.scope]} · {one.exclusion}
          </span>
        </>
      ),
    },
    {
      name: names.when,
      cell: ({ from, to }) => (
        <>
          {time(from)}
          <span class="under">{w.until(time(to))}</span>
        </>
      ),
    },
    { name: names.reason, cell: ({ reason }) => w.reasons[reason] ?? reason },
    {
      name: names.state,
      cell: (one) => <Standing exclusion={one} session={session} reload={reload} />,
    },
    {
      name: names.words,
      class: "words",
      cell: (one) => (
        <>
          {one.note}
          <span class="under">{w.proposed(one.by ?? "–", time(one.entered))}</span>
          {one.second && <span class="under">{w.confirmed(one.second)}</span>}
          {one.revoked && (
            <span class="under">{w.revokedBy(one.revoked_by ?? "–", one.revoke_note ?? "–")}</span>
          )}
        </>
      ),
    },
  ];
}

/** `session` null: to be looked at alone. */
export function ExclusionList(props: {
  filter: Record<string, string>;
  session: Session | null;
  turn: number;
  reload: () => void;
}) {
  const w = useWords(words);
  const common = useCommon();
  const [limit, setLimit] = useState(rowsAtFirst);
  const { answer, problem } = useAsked(
    () => fetchExclusions(props.filter, limit),
    [JSON.stringify(props.filter), limit, props.turn],
  );

  const columns = useColumns(props.session, props.reload);

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="message">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noExclusions}</p>;
  return (
    <>
      <Table
        class="decide-table"
        caption={w.sections.pengecualian}
        columns={columns}
        rows={answer.rows}
        rowKey={(one) => one.exclusion}
      />
      <More
        shown={answer.rows.length}
        total={answer.total}
        more={() => setLimit(limit + rowsAtFirst)}
      />
    </>
  );
}

export function Exclusions(props: { session: Session; filter: Record<string, string> }) {
  const [turn, setTurn] = useState(0);
  const reload = () => {
    decided();
    setTurn((n) => n + 1);
  };

  return (
    <>
      <Propose session={props.session} done={reload} />
      <ExclusionList
        filter={props.filter}
        session={props.session}
        turn={turn}
        reload={reload}
      />
    </>
  );
}
