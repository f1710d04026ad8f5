// SPDX-License-Identifier: Apache-2.0
// Whether a provider's way to the test server is better than its way elsewhere.

import { fetchTargets } from "../api/targets";
import type { Targets } from "../api/targets";
import { decimal } from "../parts/format";
import { useLanguage, useWords } from "../parts/language";
import { useAsked } from "../parts/use-asked";
import { words } from "./words";

const leastLinks = 8; // of either side, to be compared (collector/ledger/rank.h)

function Row(props: { row: Targets; links: number }) {
  const { row } = props;
  const w = useWords(words).targets;
  const language = useLanguage();
  const few = row.links < leastLinks || props.links - row.links < leastLinks;
  const ms = (us: number) => decimal(us / 1000, 1, language);
  const cells: [string, string][] = [
    [w.pairs, decimal(row.pairs, 0, language)],
    [w.onlyTest, decimal(row.only_test, 0, language)],
    [w.onlyRest, decimal(row.only_rest, 0, language)],
    [w.test, ms(row.test_rtt_us)],
    [w.rest, ms(row.rest_rtt_us)],
    [w.gain, ms(row.rtt_gain_us)],
    [w.others, ms(row.others_rtt_gain_us)],
  ];

  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="place">
        <span class="desa">{row.provider}</span>
      </th>
      {cells.map(([label, value]) => (
        <td key={label} role="cell" class="number" data-label={label}>
          {value}
        </td>
      ))}
      <td role="cell" class="compare-wide" data-label={w.better}>
        {row.better ? w.named[row.better] : few ? w.few : w.alike}
      </td>
    </tr>
  );
}

export function TargetTable(props: { month: string; kabupaten: string }) {
  const w = useWords(words).targets;
  const { answer } = useAsked(
    () => fetchTargets(props.month, props.kabupaten),
    [props.month, props.kabupaten],
  );
  const rows = answer?.rows.filter((row) => row.pairs > 0) ?? [];
  const links = rows.reduce((sum, row) => sum + row.links, 0);
  const columns = [w.provider, w.pairs, w.onlyTest, w.onlyRest, w.test, w.rest, w.gain, w.others];

  if (rows.length === 0) return null;
  return (
    <section class="compare-targets">
      <h2>{w.title}</h2>
      <p class="soft">{w.hint}</p>
      <table class="links compare" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {[...columns, w.better].map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <Row key={row.provider} row={row} links={links} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
