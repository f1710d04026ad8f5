// SPDX-License-Identifier: Apache-2.0
// What waits in a month, by kind; what is chosen of it, and what became of that.

import { useEffect, useMemo, useState } from "preact/hooks";

import { fetchInbox, revokeDecision } from "../api/decisions";
import type { Inbox as Answer, Item, Kind } from "../api/decisions";
import type { Session } from "../api/session";
import { useNow } from "../live/context";
import { duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { Problem } from "../parts/problem";
import { More } from "../parts/table";
import { useAsked } from "../parts/use-asked";
import { useLinks } from "../parts/use-links";
import { decided } from "../shell/waiting";
import { decideAll } from "./actions";
import type { Action, Outcome, Word } from "./actions";
import { Bar } from "./bar";
import { Group } from "./group";
import { nameOf } from "./names";
import { Results } from "./results";
import { words } from "./words";

const rowsAtFirst = 200;

export interface Filters {
  kabupaten: string;
  provider: string;
  kind: string;
}

function Deadline({ answer }: { answer: Answer }) {
  const w = useWords(words);
  const common = useCommon();
  const now = useNow();
  const closes = wholeTime(answer.closes, "WITA", common);
  const left = (Date.parse(answer.closes) - now) / 1000;

  if (answer.closed)
    return <p class="hint">{w.closed(wholeTime(answer.closed, "WITA", common))}</p>;
  return (
    <p class="deadline">
      {left > 0 ? w.closes(closes, duration(left, common)) : w.closable(closes)}
    </p>
  );
}

function Dismissed(props: { items: Item[]; may: boolean; reload: () => void }) {
  const { items } = props;
  const w = useWords(words);
  const links = useLinks();
  const common = useCommon();

  if (items.length === 0) return null;
  return (
    <details class="dismissed">
      <summary>{w.dismissedTitle(String(items.length))}</summary>
      <ul>
        {items.map((item) => {
          const { desa, zone } = nameOf(item, links);
          return (
            <li key={item.item}>
              {w.kinds[item.kind]}: {desa}, {wholeTime(item.from, zone, common)}
              <span class="under">
                {w.dismissedBy(item.dismissed_by ?? "", item.dismissed_note ?? "")}
              </span>
              {props.may && (
                <NoteForm
                  name={w.takeBack}
                  label={w.takeBackNote}
                  send={(note) => revokeDecision("dismissal", item.dismissal ?? 0, note)}
                  done={props.reload}
                />
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function useChosen(on: unknown[]) {
  const [chosen, set] = useState(new Set<string>());

  useEffect(() => set(new Set()), on);
  const choose = (items: string[], add: boolean) =>
    set((before) => {
      const after = new Set(before);
      for (const item of items) {
        if (add) after.add(item);
        else after.delete(item);
      }
      return after;
    });
  return { chosen, choose, clear: () => set(new Set()) };
}

export function Inbox(props: {
  session: Session;
  month: string;
  filters: Filters;
  seen: (answer: Answer) => void;
}) {
  const { session, month, filters } = props;
  const { kabupaten, provider, kind } = filters;
  const w = useWords(words);
  const common = useCommon();
  const [limit, setLimit] = useState(rowsAtFirst);
  const [turn, setTurn] = useState(0);
  const [busy, setBusy] = useState(false);
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null);
  const asked = useAsked(
    () => fetchInbox({ month, kabupaten, provider, kind, limit }),
    [month, kabupaten, provider, kind, limit, turn],
  );
  const answer = asked.answer?.period === month ? asked.answer : null;
  const { chosen, choose, clear } = useChosen([month, kabupaten, provider, kind]);
  const may = session.role === "officer" || session.role === "admin";
  const open = useMemo(
    () => answer?.rows.filter((item) => item.dismissal === null) ?? [],
    [answer],
  );
  const kinds = useMemo(() => [...new Set(open.map((item) => item.kind))], [open]);

  useEffect(() => {
    if (answer) props.seen(answer);
  }, [answer]);
  const reload = () => {
    decided();
    setTurn((n) => n + 1);
  };
  const decide = async (action: Action, word: Word) => {
    setBusy(true);
    setOutcomes(await decideAll(action, open.filter((one) => chosen.has(one.item)), word, month));
    setBusy(false);
    clear();
    reload();
  };
  if (asked.problem && !answer) return <Problem of={asked.problem} />;
  if (!answer) return <p class="message">{common.loading}</p>;
  return (
    <>
      <Deadline answer={answer} />
      <Problem of={asked.problem} />
      {outcomes && <Results outcomes={outcomes} close={() => setOutcomes(null)} />}
      {open.length === 0 && <p class="card">{w.nothing}</p>}
      {kinds.map((one: Kind) => (
        <Group
          key={one}
          kind={one}
          items={open.filter((item) => item.kind === one)}
          count={answer.kinds.find((count) => count.kind === one)}
          session={session}
          choosing={{ chosen, choose }}
          reload={reload}
        />
      ))}
      <More
        shown={answer.rows.length}
        total={answer.total}
        more={() => setLimit(limit + rowsAtFirst)}
      />
      <Dismissed
        items={answer.rows.filter((item) => item.dismissal !== null)}
        may={may}
        reload={reload}
      />
      {open.length > 0 && (
        <Bar
          items={open.filter((one) => chosen.has(one.item))}
          session={session}
          busy={busy}
          decide={(action, word) => void decide(action, word)}
          clear={clear}
        />
      )}
    </>
  );
}
