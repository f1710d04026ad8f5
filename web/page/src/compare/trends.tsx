// SPDX-License-Identifier: Apache-2.0
// The months of each group, all on one scale, and their figures as a table.

import type { Standing } from "../api/comparison";
import { bounds, decimal, monthName } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { Trend } from "./marks";
import type { Group } from "./standings";
import { words } from "./words";

function Figures(props: { rows: Standing[]; name: string }) {
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const money = (amount: number | null) =>
    amount === null ? "–" : common.rupiah(decimal(amount, 0, language));

  return (
    <div class="wide-table" tabIndex={0} role="region" aria-label={w.trendOf(props.name)}>
      <table>
        <caption>{w.trendOf(props.name)}</caption>
        <thead>
          <tr>
            <th scope="col">{w.month}</th>
            <th scope="col">{w.availability}</th>
            <th scope="col">{w.columns.proven}</th>
            <th scope="col">{w.columns.possible}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.period}>
              <th scope="row">{monthName(row.period, common)}</th>
              <td>{bounds(row.a_low, row.a_high, language)}</td>
              <td class="number">{money(row.restitution_low)}</td>
              <td class="number">{money(row.restitution_high)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Trends(props: {
  groups: Group[];
  all: Standing[];
  months: string[];
  low: number;
}) {
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const axis: [string, string] = [`${decimal(props.low, 0, language)}%`, "100%"];
  const whole: Group = { key: "", name: w.all, now: null, months: props.all };
  const shown = props.all.length > 0 ? [...props.groups, whole] : props.groups;

  return (
    <ul class="trends">
      {shown.map((group) => (
        <li key={group.key} class="card">
          <h3>{group.name}</h3>
          <Trend
            months={props.months}
            rows={group.months}
            low={props.low}
            common={common}
            axis={axis}
          />
          <details>
            <summary>{w.figures}</summary>
            <Figures rows={group.months} name={group.name} />
          </details>
        </li>
      ))}
    </ul>
  );
}
