// SPDX-License-Identifier: Apache-2.0
// Incidents: what goes on, and what is over. Asked for anew by itself, every ten seconds while
// somebody looks and soon after a link changed its state.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { fetchIncidents } from "../api/incidents";
import type { IncidentList, IncidentsOf } from "../api/incidents";
import type { Role } from "../api/session";
import { useLive } from "../live/context";
import { decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { Why } from "../parts/problem";
import { Select } from "../parts/select";
import type { ViewProps } from "../shell/routes";
import { Card } from "./card";
import { inOrder } from "./marks";
import { words } from "./words";

const openEveryMs = 10000;
const overEveryMs = 60000; // what is over hardly changes
const soonMs = 1500; // states change in crowds
const rowsAtFirst = 30;
const openDays = 7;

interface Kept {
  list: IncidentList | null;
  problem: unknown;
  reload: () => void;
}

/** Kept up to date quietly: what is shown stays until there is something newer. One question at a
 * time, so that a server with much to do is not asked once more before it has answered. */
function useIncidents(of: IncidentsOf, everyMs: number): Kept {
  const { version } = useLive();
  const [list, set] = useState<IncidentList | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const asking = useRef(false);
  const turn = useRef(0);

  const reload = useCallback(async () => {
    if (asking.current || document.visibilityState !== "visible") return;
    const mine = turn.current;
    asking.current = true;
    try {
      const found = await fetchIncidents(of, Date.now());
      if (mine === turn.current) set(found);
      setProblem(null);
    } catch (error) {
      setProblem(error);
    }
    asking.current = false;
    if (mine !== turn.current) void reload();
  }, [of.open, of.days, of.limit]);
  const latest = useRef(reload);
  latest.current = reload;

  useEffect(() => {
    turn.current++;
    void reload();
  }, [reload]);
  useEffect(() => {
    const ask = () => void latest.current();
    const timer = setInterval(ask, everyMs);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => void latest.current(), soonMs);
    return () => clearTimeout(timer);
  }, [version]);
  return { list, problem, reload: () => void latest.current() };
}

function List(props: { kept: Kept; none: string; role: Role; sorted: boolean; open: boolean }) {
  const { list, problem, reload } = props.kept;
  const w = useWords(words);
  const common = useCommon();
  const rows = (list?.rows ?? []).filter((row) => props.open || row.to !== null);

  return (
    <>
      {Boolean(problem) && (
        <p class="hint" role="status">
          {w.stale} <Why of={problem} />
        </p>
      )}
      {!list && !problem && <p class="message">{common.loading}</p>}
      {list && rows.length === 0 && <p class="card incident-none">{props.none}</p>}
      <ul class="incidents">
        {(props.sorted ? inOrder(rows) : rows).map((incident) => (
          <Card key={incident.id} incident={incident} role={props.role} reload={reload} />
        ))}
      </ul>
    </>
  );
}

function Recent(props: { role: Role }) {
  const w = useWords(words);
  const language = useLanguage();
  const [days, setDays] = useState("7");
  const [limit, setLimit] = useState(rowsAtFirst);
  const kept = useIncidents({ open: false, days: Number(days), limit }, overEveryMs);
  const shown = kept.list?.rows.length ?? 0;
  const total = kept.list?.total ?? 0;

  return (
    <section>
      <div class="incidents-bar">
        <h2>{w.recent}</h2>
        <Select
          label={w.daysBack}
          value={days}
          items={Object.entries(w.days)}
          all={null}
          choose={(chosen) => {
            setDays(chosen);
            setLimit(rowsAtFirst);
          }}
        />
      </div>
      <List kept={kept} none={w.noneRecent} role={props.role} sorted={false} open={false} />
      {total > 0 && (
        <p class="shown">{w.shown(decimal(shown, 0, language), decimal(total, 0, language))}</p>
      )}
      {total > shown && (
        <button type="button" class="more" onClick={() => setLimit(limit + rowsAtFirst)}>
          {w.more}
        </button>
      )}
    </section>
  );
}

export function OutagesView({ session }: ViewProps) {
  const w = useWords(words);
  const open = useIncidents({ open: true, days: openDays, limit: 500 }, openEveryMs);

  return (
    <div class="incidents-page">
      <h1>
        {w.title}
        <span class="under">{w.hint}</span>
      </h1>
      <section>
        <h2>{w.open}</h2>
        <List kept={open} none={w.none} role={session.role} sorted open />
      </section>
      <Recent role={session.role} />
    </div>
  );
}
