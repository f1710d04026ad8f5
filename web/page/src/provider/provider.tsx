// SPDX-License-Identifier: Apache-2.0
// One provider: its links, their month, its outages and what it says against them. A provider sees
// its own; the staff choose one.

import { useMemo, useState } from "preact/hooks";

import { fetchMonth, fetchWhole } from "../api/provider";
import type { Session } from "../api/session";
import { ExclusionList } from "../decide/exclusions";
import { useLive } from "../live/context";
import { monthName, monthOf } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { monthsUntil } from "../parts/months";
import { Problem } from "../parts/problem";
import { Select } from "../parts/select";
import { useAsked } from "../parts/use-asked";
import { setQuery } from "../shell/router";
import type { ViewProps } from "../shell/routes";
import { options } from "../wall/choice";
import { LinkList } from "./link-list";
import { Outages } from "./outages";
import { Objections, Tickets } from "./papers";
import { Summary } from "./summary";
import { words } from "./words";

function One(props: { session: Session; provider: string; month: string }) {
  const { session, provider, month } = props;
  const w = useWords(words);
  const common = useCommon();
  const { links, loads } = useLive();
  const [turn, setTurn] = useState(0);
  const [said, say] = useState("");
  const mine = links.filter((one) => one.provider === provider);
  const rows = useAsked(() => fetchMonth(provider, month), [provider, month, turn]);
  const whole = useAsked(() => fetchWhole(provider, month), [provider, month, turn]);
  const problem = rows.problem || whole.problem;
  const reload = () => setTurn((n) => n + 1);

  if (loads === 0) return <p class="message">{common.loading}</p>;
  if (mine.length === 0) return <p class="card">{w.noLinks}</p>;
  return (
    <>
      <Problem of={problem} />
      <Summary links={mine} whole={whole.answer} />
      <section>
        <h2>{w.outages}</h2>
        <p role="status" class="provider-said">
          {said}
        </p>
        <Outages
          provider={provider}
          month={month}
          may={session.role === "provider" || session.role === "admin"}
          turn={turn}
          done={() => {
            say(w.sent);
            reload();
          }}
        />
      </section>
      <section>
        <h2>{w.objections}</h2>
        <Objections
          provider={provider}
          may={session.role === "officer" || session.role === "admin"}
          turn={turn}
          done={reload}
        />
      </section>
      <section>
        <h2>{w.links}</h2>
        <LinkList links={mine} months={rows.answer ?? []} role={session.role} reload={reload} />
      </section>
      <section>
        <h2>{w.tickets}</h2>
        <Tickets provider={provider} />
      </section>
      <section>
        <h2>{w.exclusions}</h2>
        <ExclusionList filter={{ provider }} session={null} turn={turn} reload={reload} />
      </section>
    </>
  );
}

export function ProviderView({ session, query }: ViewProps) {
  const w = useWords(words);
  const common = useCommon();
  const { links, loads } = useLive();
  const providers = useMemo(() => options(links, (one) => [one.provider, one.provider]), [loads]);
  const provider = session.provider ?? query.get("nama") ?? "";
  const month = query.get("bulan") ?? monthOf(Date.now());

  return (
    <div class="provider-page">
      <h1>
        {provider || w.title}
        <span class="under">{w.hint}</span>
      </h1>
      <div class="fields decide-filters">
        {!session.provider && (
          <Select
            label={common.provider}
            value={provider}
            items={providers}
            all={w.choose}
            choose={(value) => setQuery({ nama: value })}
          />
        )}
        <Select
          label={w.month}
          value={month}
          items={monthsUntil(Date.now()).map((one) => [one, monthName(one, common)])}
          all={null}
          choose={(value) => setQuery({ bulan: value })}
        />
      </div>
      {provider ? (
        <One key={provider} session={session} provider={provider} month={month} />
      ) : (
        <p class="card">{w.chooseFirst}</p>
      )}
    </div>
  );
}
