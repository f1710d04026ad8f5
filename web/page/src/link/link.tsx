// SPDX-License-Identifier: Apache-2.0
// All that is known of one link: how it stands, its month, its measurements, its outages.

import { useEffect, useMemo } from "preact/hooks";

import type { Link } from "../api/desa";
import { fetchLink, fetchOutages, fetchTimeline, isoTime } from "../api/links";
import { useLive, useNow } from "../live/context";
import { shownOf } from "../live/shown";
import { causeWords, dayWords, desaName, placeName, sinceWords } from "../parts/describe";
import { duration, lossPercent, milliseconds, monthName, monthOf } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { monthsUntil } from "../parts/months";
import { Problem } from "../parts/problem";
import { Select } from "../parts/select";
import { useAsked } from "../parts/use-asked";
import { setQuery } from "../shell/router";
import type { ViewProps } from "../shell/routes";
import { StateBadge } from "../wall/link-row";
import { Charts } from "./charts";
import { daysOf, monthSpan } from "./days";
import { ExplainPanel } from "./explain-panel";
import { ContractFacts, contractNow, Flags, Pairs, Router } from "./facts";
import { OutageTable } from "./outage-table";
import { Timeline } from "./timeline";
import { words } from "./words";

function Standing(props: { link: Link }) {
  const { link } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const now = useNow();
  const cause = causeWords(link, common);
  const stale = link.state === "silent" || link.state === "never";
  const age = link.last_report
    ? common.ago(duration((now - Date.parse(link.last_report)) / 1000, common))
    : common.neverReported;

  return (
    <section class="card standing" aria-live="polite">
      <StateBadge link={link} words={common} />
      {cause && <p class="standing-cause">{cause}</p>}
      <p class="soft">{common.stateHints[shownOf(link)]}</p>
      {link.since && <p class="soft">{sinceWords(link, now, common)}</p>}
      <Pairs
        pairs={[
          [w.lastReport, age],
          [w.rtt, milliseconds(stale ? null : link.rtt_us, language)],
          [w.loss, lossPercent(stale ? null : link.loss_ppm, language)],
          [w.day, dayWords(link, language)],
        ]}
      />
    </section>
  );
}

/** The second that the address asks about: a link to it can be sent to somebody. */
function momentOf(query: URLSearchParams): number | null {
  const at = Date.parse(query.get("saat") ?? "");
  return Number.isNaN(at) ? null : Math.floor(at / 1000);
}

function Month(props: { link: Link; month: string; at: number | null }) {
  const { link, month, at } = props;
  const w = useWords(words);
  const common = useCommon();
  const span = useMemo(
    () => monthSpan(month, link.zone, Date.now() / 1000),
    [month, link.state, link.since],
  );
  const timeline = useAsked(() => fetchTimeline(link.link, span), [link.link, span]);
  const outages = useAsked(() => fetchOutages(link.link, month), [link.link, month, link.state]);
  const stretches = timeline.answer ?? [];
  const days = useMemo(() => daysOf(span, stretches), [span, timeline.answer]);
  const explain = (second: number | null) =>
    setQuery({ saat: second === null ? "" : isoTime(second) });
  const problem = timeline.problem || outages.problem;

  return (
    <>
      <Problem of={problem} />
      <div class={at === null ? "month-body" : "month-body month-explained"}>
        <section class="card">
          <h2>{w.timeline}</h2>
          {timeline.answer && (
            <Timeline {...{ days, stretches, span, at, explain }} zone={link.zone} />
          )}
          {timeline.busy && !timeline.answer && <p class="message">{common.loading}</p>}
        </section>
        {at !== null && (
          <ExplainPanel
            link={link.link}
            at={at}
            zone={link.zone}
            stretches={stretches}
            explain={explain}
          />
        )}
      </div>
      <section class="card">
        <h2>{w.outages}</h2>
        {outages.answer && (
          <OutageTable outages={outages.answer} zone={link.zone} explain={explain} />
        )}
      </section>
    </>
  );
}

export function LinkView({ session, params, query }: ViewProps) {
  const id = Number(params["id"]);
  const w = useWords(words);
  const common = useCommon();
  const { links, loads } = useLive();
  const place = useMemo(() => links.findIndex((one) => one.link === id), [loads, id]);
  const link = links[place];
  const facts = useAsked(link ? () => fetchLink(id) : null, [id, Boolean(link), link?.since]);
  const months = monthsUntil(Date.now());
  const month = query.get("bulan") ?? monthOf(Date.now());
  const contract = contractNow(facts.answer?.contracts ?? [], Date.now());

  useEffect(() => {
    if (link) document.title = `${desaName(link)} · Pantau Desa`;
  }, [link?.desa_name]);
  if (loads === 0) return <p class="message">{common.loading}</p>;
  if (!link) {
    return (
      <div class="message">
        <p>{w.missing}</p>
        <a href="/dinding">{w.back}</a>
      </div>
    );
  }
  return (
    <div class="link-page">
      <h1>
        {desaName(link)}
        <span class="under">
          {placeName(link)} · {link.provider}, {common.kinds[link.kind] ?? link.kind}
        </span>
      </h1>
      {facts.answer && (
        <Flags flags={facts.answer.flags} answers={session.role !== "provider"} />
      )}
      <div class="link-top">
        <Standing link={link} />
        <section class="card">
          <h2>{w.facts}</h2>
          {facts.answer && (
            <ContractFacts contract={contract} provider={link.provider} zone={link.zone} />
          )}
          <Problem of={facts.problem} />
        </section>
      </div>
      <div class="link-month">
        <Select
          label={w.month}
          value={month}
          items={months.map((one) => [one, monthName(one, common)])}
          all={null}
          choose={(chosen) => setQuery({ bulan: chosen, saat: "" })}
        />
      </div>
      <Month link={link} month={month} at={momentOf(query)} key={id} />
      <section class="card">
        <h2>{w.charts}</h2>
        <Charts link={id} zone={link.zone} contract={contract} key={id} />
      </section>
      <section class="card">
        <h2>{w.router}</h2>
        {facts.answer && <Router facts={facts.answer} zone={link.zone} />}
      </section>
    </div>
  );
}
