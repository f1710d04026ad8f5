// SPDX-License-Identifier: Apache-2.0
// What was agreed for the link, and how the router that measures it fares.

import type { Contract, LinkFacts } from "../api/links";
import { decimal, duration, wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { words } from "./words";

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
