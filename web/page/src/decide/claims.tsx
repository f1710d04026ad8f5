// SPDX-License-Identifier: Apache-2.0
// Outages that a provider must be told of: until when, and who told them. Many with one word.

import { useState } from "preact/hooks";

import { fetchClaims, tell, untell } from "../api/claims";
import type { Claim } from "../api/claims";
import { duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { Problem } from "../parts/problem";
import { Table } from "../parts/table";
import type { Column } from "../parts/table";
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

interface Sitting {
  chosen: Set<string>;
  choose: (claim: Claim, on: boolean) => void;
  failed: Map<string, unknown>;
  reload: () => void;
}

function Told({ claim, failed, reload }: { claim: Claim } & Pick<Sitting, "failed" | "reload">) {
  const w = useWords(words);
  const common = useCommon();
  const { zone } = nameOf(claim, useLinks());
  const problem = failed.get(keyOf(claim));

  return (
    <>
      {claim.told !== null && claim.told_when ? (
        <>
          {w.toldBy(
            claim.told_by ?? "",
            wholeTime(claim.told_when, zone, common),
            claim.told_note ?? "",
          )}
          <NoteForm
            name={w.takeBack}
            label={w.takeBackNote}
            send={(note) => untell(claim.told ?? 0, note)}
            done={reload}
          />
        </>
      ) : (
        "–"
      )}
      <Problem of={problem} />
    </>
  );
}

function Window({ claim }: { claim: Claim }) {
  const w = useWords(words);
  const common = useCommon();
  const { zone } = nameOf(claim, useLinks());
  const left = claim.days_left;

  return (
    <>
      <span class={`badge state-${shown[claim.state]}`}>{w.claimStates[claim.state]}</span>
      {left !== null && (
        <span class="under">{left >= 0 ? w.daysLeft(left) : w.overdue(-left)}</span>
      )}
      {claim.window_end && (
        <span class="under">{wholeTime(claim.window_end, zone, common)}</span>
      )}
    </>
  );
}

function useColumns({ chosen, choose, failed, reload }: Sitting): Column<Claim>[] {
  const w = useWords(words);
  const common = useCommon();
  const links = useLinks();
  const names = w.claimColumns;
  const time = (claim: Claim, iso: string) => wholeTime(iso, nameOf(claim, links).zone, common);

  return [
    {
      name: "",
      class: "tick",
      cell: (claim) =>
        waits(claim) && (
          <input
            type="checkbox"
            aria-label={w.choose(`${nameOf(claim, links).desa}, ${time(claim, claim.start)}`)}
            checked={chosen.has(keyOf(claim))}
            onChange={(event) => choose(claim, event.currentTarget.checked)}
          />
        ),
    },
    {
      name: names.what,
      head: true,
      cell: (claim) => (
        <>
          <span class="desa">{nameOf(claim, links).desa}</span>
          <span class="under">{nameOf(claim, links).place}</span>
        </>
      ),
    },
    {
      name: names.outage,
      cell: (claim) => (
        <>
          {time(claim, claim.start)}
          <span class="under">
            {claim.end ? w.until(time(claim, claim.end)) : w.lasting} ·{" "}
            {duration(claim.d, common)} · {common.causes[claim.cause] ?? claim.cause}
          </span>
        </>
      ),
    },
    { name: names.window, cell: (claim) => <Window claim={claim} /> },
    {
      name: names.told,
      class: "words",
      cell: (claim) => <Told claim={claim} failed={failed} reload={reload} />,
    },
  ];
}

export function Claims(props: { filter: Record<string, string> }) {
  const w = useWords(words);
  const common = useCommon();
  const [turn, setTurn] = useState(0);
  const [chosen, setChosen] = useState(new Set<string>());
  const [failed, setFailed] = useState(new Map<string, unknown>());
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
    const problems = new Map<string, unknown>();
    for (const claim of picked) {
      try {
        await tell(claim, note.trim());
      } catch (error) {
        problems.set(keyOf(claim), error);
      }
    }
    setFailed(problems);
    say(w.results(String(picked.length - problems.size), String(picked.length)));
    setChosen(new Set());
    setNote("");
    reload();
  };
  const columns = useColumns({
    chosen,
    choose: (claim, on) => {
      const after = new Set(chosen);
      if (on) after.add(keyOf(claim));
      else after.delete(keyOf(claim));
      setChosen(after);
    },
    failed,
    reload,
  });

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="message">{common.loading}</p>;
  return (
    <>
      <p class="soft">{w.claimsHint}</p>
      <p role="status">{said}</p>
      {rows.length === 0 && <p class="card">{w.noClaims}</p>}
      {rows.length > 0 && (
        <Table
          class="decide-table"
          caption={w.sections.klaim}
          columns={columns}
          rows={rows}
          rowKey={keyOf}
        />
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
