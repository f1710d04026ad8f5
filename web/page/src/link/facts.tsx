// SPDX-License-Identifier: Apache-2.0
// What was agreed for the link, and how the router that measures it fares.

import type { Contract, Drift, Health, LinkFacts } from "../api/links";
import { decimal, duration, milliseconds, wholeTime } from "../parts/format";
import { type Language, useCommon, useLanguage, useWords } from "../parts/language";
import { type LinkWords, words } from "./words";

export function Pairs(props: { pairs: [string, string][] }) {
  return (
    <dl class="pairs">
      {props.pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The one in force, else the last. */
export function contractNow(contracts: Contract[], nowMs: number): Contract | undefined {
  const begun = contracts.filter((one) => Date.parse(one.from) <= nowMs);
  return begun.find((one) => !one.to || Date.parse(one.to) > nowMs) ?? begun[begun.length - 1];
}

export function ContractFacts(props: {
  contract: Contract | undefined;
  provider: string;
  zone: string;
}) {
  const { contract, zone } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const mbit = (kbps: number) => decimal(kbps / 1000, kbps % 1000 ? 1 : 0, language);

  if (!contract) return <p>{w.noContract}</p>;
  return (
    <Pairs
      pairs={[
        [w.provider, props.provider],
        [w.speed, `${mbit(contract.down_kbps)} / ${mbit(contract.up_kbps)} Mbit/s`],
        [w.target, `${decimal(contract.target, 2, language)}%`],
        [w.windowName, w.window(duration(contract.window_s, common))],
        [w.contractFrom, wholeTime(contract.from, zone, common)],
      ]}
    />
  );
}

const waitsS = 600; // less is on its way

function waitingText(
  waiting: Health["spool"]["waiting"],
  w: LinkWords,
  count: (value: number) => string,
  time: (iso: string) => string,
): string {
  if (!waiting) return w.waitingUnknown;
  const since = time(waiting.greeted);
  if (waiting.records)
    return (waiting.connected ? w.waitingSent : w.waitingLeft)(count(waiting.records), since);
  return waiting.connected ? w.waitingNone : w.waitingSince(since);
}

const secondsOfDay = 86400;

export function driftText(drift: Drift, w: LinkWords, language: Language): string {
  const ppm = (ppb: number) => decimal(ppb / 1000, 2, language);
  const fast = Math.abs(drift.ppb);
  if (fast <= drift.error_ppb) return w.driftNone(ppm(drift.error_ppb));
  const daily = decimal((fast * secondsOfDay) / 1e9, 2, language);
  const said = (drift.ppb > 0 ? w.driftFast : w.driftSlow)(ppm(fast), daily);
  return said + w.driftSure(ppm(drift.error_ppb));
}

function HealthFacts(props: { facts: LinkFacts; zone: string }) {
  const { health, data } = props.facts;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const time = (iso: string) => wholeTime(iso, props.zone, common);
  const count = (value: number) => decimal(value, 0, language);
  const pairs: [string, string][] = [];

  if (health) {
    const { clock, spool } = health;
    const waitS = spool.sent_to ? (Date.now() - Date.parse(spool.sent_to)) / 1000 : 0;
    const waits = waitS > waitsS ? w.spoolWaits(duration(waitS, common)) : "";
    pairs.push([
      w.spool,
      spool.sent_to ? w.spoolSent(time(spool.sent_to)) + waits : w.spoolNever,
    ]);
    pairs.push([w.waiting, waitingText(spool.waiting, w, count, time)]);
    pairs.push([
      w.dropsName,
      spool.dropped ? w.drops(count(spool.dropped_records_30d), time(spool.dropped)) : w.noDrops,
    ]);
    const error = clock ? milliseconds(clock.error_us, language) : "";
    pairs.push([
      w.clock,
      clock ? w.clockIs(w.clockBy[clock.source ?? "unknown"], error, time(clock.at)) : w.noClock,
    ]);
    if (clock?.drift) pairs.push([w.drift, driftText(clock.drift, w, language)]);
  }
  const over = data.speed_over_budget ? w.overBudget(count(data.speed_over_budget)) : "";
  const megabytes = (bytes: number) => decimal(bytes / 1e6, 1, language);
  pairs.push([w.data, w.dataUsed(megabytes(data.speed_bytes), count(data.speed_tests)) + over]);
  pairs.push([
    w.budget,
    data.budget_bytes_30d === null
      ? w.budgetOwn
      : w.budgetUsed(megabytes(data.speed_bytes_30d), megabytes(data.budget_bytes_30d)),
  ]);
  return <Pairs pairs={pairs} />;
}

export function Flags(props: { flags: LinkFacts["flags"]; answers: boolean }) {
  const { flags } = props;
  const w = useWords(words);

  if (!flags) return null;
  return (
    <p class="link-flags" role="note">
      {w.flags(flags.open)}{" "}
      {props.answers && (
        <a href={`/keputusan?bulan=${flags.month}&jenis=witness`}>{w.flagsAnswer}</a>
      )}
    </p>
  );
}

export function Router(props: { facts: LinkFacts; zone: string }) {
  const { facts, zone } = props;
  const w = useWords(words);
  const common = useCommon();
  const time = (iso: string) => wholeTime(iso, zone, common);

  return (
    <>
      <Pairs
        pairs={facts.devices.map((device) => [
          w.device(device.agent, device.wan),
          device.to ? w.deviceUntil(time(device.to)) : w.deviceSince(time(device.from)),
        ])}
      />
      <HealthFacts facts={facts} zone={zone} />
      <p>{facts.starts_30d ? w.starts(facts.starts_30d) : w.noStarts}</p>
      {facts.starts.length > 0 && (
        <div class="wide-table" tabIndex={0} role="region" aria-label={w.router}>
          <table>
            <caption>{w.starts(facts.starts_30d)}</caption>
            <thead>
              <tr>
                <th scope="col">{w.startColumns.at}</th>
                <th scope="col">{w.startColumns.why}</th>
                <th scope="col">{w.startColumns.software}</th>
              </tr>
            </thead>
            <tbody>
              {facts.starts.map((start) => (
                <tr key={start.at}>
                  <th scope="row">{time(start.at)}</th>
                  <td>{w.startReasons[start.why] ?? start.why}</td>
                  <td>{start.software}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
