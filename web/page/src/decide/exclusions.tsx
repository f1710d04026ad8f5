// SPDX-License-Identifier: Apache-2.0
// Exclusions with their states: who entered one, who confirmed it, who ended it.

import { useState } from "preact/hooks";

import { confirmExclusion, fetchExclusions, needsSecond, revokeExclusion } from "../api/exclusions";
import type { Exclusion } from "../api/exclusions";
import type { Session } from "../api/session";
import { useLive } from "../live/context";
import { desaName } from "../parts/describe";
import { decimal, properName, wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
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

function Row(props: { exclusion: Exclusion; session: Session | null; reload: () => void }) {
  const { exclusion, session } = props;
  const w = useWords(words);
  const common = useCommon();
  const target = useTarget();
  const columns = w.exclusionColumns;
  const state = stateOf(exclusion);
  const time = (iso: string) => wholeTime(iso, "WITA", common);
  const mine = session !== null && samePerson(exclusion.by, session.user);
  const may = session?.role === "officer" || session?.role === "admin";

  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="place">
        <span class="desa">{target(exclusion)}</span>
        <span class="under">
          {w.scopes[exclusion.scope]} · {exclusion.exclusion}
        </span>
      </th>
      <td role="cell" data-label={columns.when}>
        {time(exclusion.from)}
        <span class="under">{w.until(time(exclusion.to))}</span>
      </td>
      <td role="cell" data-label={columns.reason}>
        {w.reasons[exclusion.reason] ?? exclusion.reason}
      </td>
      <td role="cell" data-label={columns.state}>
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
      </td>
      <td role="cell" class="words" data-label={columns.words}>
        {exclusion.note}
        <span class="under">{w.proposed(exclusion.by ?? "–", time(exclusion.entered))}</span>
        {exclusion.second && <span class="under">{w.confirmed(exclusion.second)}</span>}
        {exclusion.revoked && (
          <span class="under">
            {w.revokedBy(exclusion.revoked_by ?? "–", exclusion.revoke_note ?? "–")}
          </span>
        )}
      </td>
    </tr>
  );
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
  const language = useLanguage();
  const [limit, setLimit] = useState(rowsAtFirst);
  const { answer, problem } = useAsked(
    () => fetchExclusions(props.filter, limit),
    [JSON.stringify(props.filter), limit, props.turn],
  );

  if (problem) return <p class="problem">{common.failed(problem)}</p>;
  if (!answer) return <p class="message">{common.loading}</p>;
  if (answer.rows.length === 0) return <p class="soft">{w.noExclusions}</p>;
  return (
    <>
      <table role="table" class="links decide-table">
        <caption>{w.sections.pengecualian}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {Object.entries(w.exclusionColumns).map(([key, label]) => (
              <th key={key} role="columnheader" scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {answer.rows.map((one) => (
            <Row
              key={one.exclusion}
              exclusion={one}
              session={props.session}
              reload={props.reload}
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
