// SPDX-License-Identifier: Apache-2.0
// Providers or kabupaten side by side: a month as a table, and how they fared month by month.

import { useMemo, useState } from "preact/hooks";

import { comparisonCsv, fetchComparison } from "../api/comparison";
import type { By, Comparison, ComparisonOf } from "../api/comparison";
import { useLive } from "../live/context";
import { clockTime, monthName, monthOf, properName } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { monthsUntil } from "../parts/months";
import { Problem } from "../parts/problem";
import { Select } from "../parts/select";
import { useAsked } from "../parts/use-asked";
import { setQuery } from "../shell/router";
import type { ViewProps } from "../shell/routes";
import { groupsOf, scaleLow, sorted } from "./standings";
import type { Order } from "./standings";
import { Table } from "./table";
import { TargetTable } from "./targets";
import { Trends } from "./trends";
import { words } from "./words";
import type { Sort } from "./words";

const spans = ["3", "6", "12"];
const zone = "WITA";

/** What the address says, with what is usual where it says nothing. */
function askedOf(query: URLSearchParams): ComparisonOf {
  const month = query.get("bulan") ?? "";
  const span = query.get("tren") ?? "";
  return {
    by: query.get("menurut") === "kabupaten" ? "kabupaten" : "provider",
    month: /^\d{4}-\d\d$/.test(month) ? month : monthOf(Date.now()),
    months: Number(spans.includes(span) ? span : "6"),
    kabupaten: query.get("kabupaten") ?? "",
    provider: query.get("penyedia") ?? "",
  };
}

/** What the groups can be narrowed to: the other kind. */
function useOthers(by: By): [string, string][] {
  const { links, loads } = useLive();

  return useMemo(() => {
    const found = new Map<string, string>();
    for (const link of links) {
      if (by === "kabupaten") found.set(link.provider, link.provider);
      else found.set(link.kabupaten, properName(link.kabupaten_name ?? link.kabupaten));
    }
    return [...found].sort((a, b) => a[1].localeCompare(b[1], "id"));
  }, [loads, by]);
}

function Controls(props: { asked: ComparisonOf; session: ViewProps["session"] }) {
  const { asked, session } = props;
  const w = useWords(words);
  const common = useCommon();
  const others = useOthers(asked.by);
  const narrow = asked.by === "provider" ? "kabupaten" : "penyedia";
  const fixed = asked.by === "provider" ? session.kabupaten : session.provider;

  return (
    <div class="fields compare-fields">
      <fieldset class="modes">
        <legend>{w.by}</legend>
        {(["provider", "kabupaten"] as By[]).map((by) => (
          <button
            key={by}
            type="button"
            aria-pressed={asked.by === by}
            onClick={() =>
              setQuery({ menurut: by === "provider" ? "" : by, kabupaten: "", penyedia: "" })
            }
          >
            {w.groups[by]}
          </button>
        ))}
      </fieldset>
      <Select
        label={w.month}
        value={asked.month}
        items={monthsUntil(Date.now()).map((one) => [one, monthName(one, common)])}
        all={null}
        choose={(month) => setQuery({ bulan: month })}
      />
      <Select
        label={w.span}
        value={String(asked.months)}
        items={spans.map((span) => [span, w.spans[span] ?? span])}
        all={null}
        choose={(span) => setQuery({ tren: span })}
      />
      {!fixed && (
        <Select
          label={w.within}
          value={asked.by === "provider" ? asked.kabupaten : asked.provider}
          items={others}
          all={common.all}
          choose={(value) => setQuery({ [narrow]: value })}
        />
      )}
    </div>
  );
}

function monthsOf(asked: ComparisonOf): string[] {
  const [year = 0, month = 1] = asked.month.split("-").map(Number);
  return Array.from({ length: asked.months }, (_, place) =>
    new Date(Date.UTC(year, month - asked.months + place, 1)).toISOString().slice(0, 7),
  );
}

function Answer(props: { asked: ComparisonOf; answer: Comparison }) {
  const { asked, answer } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const [order, setOrder] = useState<Order>({ by: "low", down: false });
  const groups = useMemo(() => groupsOf(answer.rows, answer.month), [answer]);
  const low = useMemo(() => scaleLow([...answer.rows, ...answer.all]), [answer]);
  const ordered = sorted(groups, order);
  const all = answer.all.find((row) => row.period === answer.month);
  const one = all ?? groups.find((group) => group.now)?.now;
  const sort = (by: Sort) =>
    setOrder({ by, down: order.by === by ? !order.down : by !== "name" && by !== "low" });

  if (!groups.some((group) => group.now)) return <p class="card">{w.none}</p>;
  return (
    <>
      <p class="soft compare-notes">
        {one?.revision && one.revision !== "sementara" ? one.revision : w.provisional}
        {one?.as_of && ` · ${w.countedTo(clockTime(one.as_of, zone, Date.now(), common))} ${zone}`}
        {" · "}
        {w.scale(`${low}%`)}
        {" · "}
        <a href={comparisonCsv(asked)} download={`perbandingan-${asked.month}.csv`}>
          {w.csv}
        </a>
      </p>
      <Table
        by={answer.by}
        groups={ordered}
        all={all}
        low={low}
        caption={w.tableTitle(monthName(answer.month, common))}
        order={order}
        sort={sort}
      />
      <h2>{w.trend}</h2>
      <p class="soft">{w.trendHint}</p>
      <Trends
        groups={ordered}
        all={answer.all}
        months={monthsOf({ ...asked, month: answer.month, months: answer.months })}
        low={low}
        key={language}
      />
    </>
  );
}

export function CompareView({ session, query }: ViewProps) {
  const w = useWords(words);
  const common = useCommon();
  const asked = askedOf(query);
  const { answer, problem, busy } = useAsked(
    () => fetchComparison(asked),
    [asked.by, asked.month, asked.months, asked.kabupaten, asked.provider],
  );

  return (
    <div class="compare-page">
      <h1>
        {w.title}
        <span class="under">{w.hint}</span>
      </h1>
      <Controls asked={asked} session={session} />
      <Problem of={problem} />
      {busy && !answer && <p class="message">{common.loading}</p>}
      {answer && <Answer asked={asked} answer={answer} />}
      {asked.by === "provider" && session.role !== "provider" && (
        <TargetTable month={asked.month} kabupaten={asked.kabupaten} />
      )}
    </div>
  );
}
