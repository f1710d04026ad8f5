// SPDX-License-Identifier: Apache-2.0
// Outages that a provider must be told of: until when, and who told them. Many with one word.

import { useState } from "preact/hooks";

import { AskError } from "../api/ask";
import { fetchClaims, tell, untell } from "../api/claims";
import type { Claim } from "../api/claims";
import { duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { useAsked } from "../parts/use-asked";
import { useLinks } from "../parts/use-links";
import { nameOf } from "./names";
import { words } from "./words";

const rowsMax = 500;
const noteMax = 190;

const shown: Record<Claim["state"], string> = {
  overdue: "down",
  open: "degraded",
  running: "unknown",
  told: "up",
  "told-late": "silent",
};

function keyOf(claim: Claim): string {
  return `${claim.link}-${claim.start}`;
}

function waits(claim: Claim): boolean {
  return claim.state === "open" || claim.state === "overdue" || claim.state === "running";
}

function Row(props: {
  claim: Claim;
  chosen: boolean;
  choose: (on: boolean) => void;
  failed: string | undefined;
  reload: () => void;
}) {
  const { claim } = props;
  const w = useWords(words);
  const common = useCommon();
  const { desa, place, zone } = nameOf(claim, useLinks());
  const columns = w.claimColumns;
  const left = claim.days_left;
  const time = (iso: string) => wholeTime(iso, zone, common);

  return (
    <tr role="row">
      <td role="cell" class="tick">
        {waits(claim) && (
          <input
            type="checkbox"
            aria-label={w.choose(`${desa}, ${time(claim.start)}`)}
            checked={props.chosen}
            onChange={(event) => props.choose(event.currentTarget.checked)}
          />
        )}
      </td>
      <th role="rowheader" scope="row" class="place">
        <span class="desa">{desa}</span>
        <span class="under">{place}</span>
      </th>
      <td role="cell" data-label={columns.outage}>
        {time(claim.start)}
        <span class="under">
          {claim.end ? w.until(time(claim.end)) : w.lasting} · {duration(claim.d, common)} ·{" "}
          {common.causes[claim.cause] ?? claim.cause}
        </span>
      </td>
      <td role="cell" data-label={columns.window}>
        <span class={`badge state-${shown[claim.state]}`}>{w.claimStates[claim.state]}</span>
        {left !== null && (
          <span class="under">{left >= 0 ? w.daysLeft(left) : w.overdue(-left)}</span>
        )}
        {claim.window_end && <span class="under">{time(claim.window_end)}</span>}
      </td>
      <td role="cell" class="words" data-label={columns.told}>
        {claim.told !== null && claim.told_when ? (
          <>
            {w.toldBy(claim.told_by ?? "", time(claim.told_when), claim.told_note ?? "")}
            <NoteForm
              name={w.takeBack}
              label={w.takeBackNote}
              send={(note) => untell(claim.told ?? 0, note)}
              done={props.reload}
            />
          </>
        ) : (
          "–"
        )}
        {props.failed && <span class="problem">{props.failed}</span>}
      </td>
    </tr>
  );
}

export function Claims(props: { filter: Record<string, string> }) {
  const w = useWords(words);
  const common = useCommon();
  const [turn, setTurn] = useState(0);
  const [chosen, setChosen] = useState(new Set<string>());
  const [failed, setFailed] = useState(new Map<string, string>());
  const [note, setNote] = useState("");
  const [said, say] = useState("");
  const { answer, problem } = useAsked(
    () => fetchClaims(props.filter, rowsMax),
    [JSON.stringify(props.filter), turn],
  );
  const rows = answer?.rows ?? [];
  const picked = rows.filter((one) => chosen.has(keyOf(one)));

  const reload = () => setTurn((n) => n + 1);
  const submit = async (event: Event) => {
    event.preventDefault();
    const problems = new Map<string, string>();
    for (const claim of picked) {
      try {
        await tell(claim, note.trim());
      } catch (error) {
        const status = error instanceof AskError ? error.status : 0;
        const words = error instanceof Error ? error.message : String(error);
        problems.set(keyOf(claim), w.refusals[status] ?? common.failed(words));
      }
    }
    setFailed(problems);
    say(w.results(String(picked.length - problems.size), String(picked.length)));
    setChosen(new Set());
    setNote("");
    reload();
  };
  if (problem) return <p class="problem">{common.failed(problem)}</p>;
  if (!answer) return <p class="message">{common.loading}</p>;
  return (
    <>
      <p class="soft">{w.claimsHint}</p>
      <p role="status">{said}</p>
      {rows.length === 0 && <p class="card">{w.noClaims}</p>}
      {rows.length > 0 && (
        <table role="table" class="links decide-table">
          <caption>{w.sections.klaim}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <td role="cell" class="tick"></td>
              {Object.entries(w.claimColumns).map(([key, label]) => (
                <th key={key} role="columnheader" scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((claim) => (
              <Row
                key={keyOf(claim)}
                claim={claim}
                chosen={chosen.has(keyOf(claim))}
                choose={(on) => {
                  const after = new Set(chosen);
                  if (on) after.add(keyOf(claim));
                  else after.delete(keyOf(claim));
                  setChosen(after);
                }}
                failed={failed.get(keyOf(claim))}
                reload={reload}
              />
            ))}
          </tbody>
        </table>
      )}
      {answer.total > rows.length && (
        <p class="shown">{common.shownOf(String(rows.length), String(answer.total))}</p>
      )}
      {picked.length > 0 && (
        <form class="decide-bar card" onSubmit={(event) => void submit(event)}>
          <p class="decide-count">{w.chosen(String(picked.length))}</p>
          <label class="decide-note">
            <span>{w.tellNote}</span>
            <input
              required
              maxLength={noteMax}
              autocomplete="off"
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary" disabled={!note.trim()}>
            {w.tell}
          </button>
        </form>
      )}
    </>
  );
}
