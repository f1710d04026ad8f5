// SPDX-License-Identifier: Apache-2.0
// Bounds as lines with ends: the truth lies between them. Figures stand beside each.

import type { Standing } from "../api/comparison";
import { monthName } from "../parts/format";
import type { Words } from "../parts/words";
import { placeOf } from "./standings";

const wide = 120;
const tall = 16;

/** One month, lying. */
export function Bounds(props: { row: Standing; low: number }) {
  const { row, low } = props;
  if (row.a_low === null || row.a_high === null) return null;
  const from = 4 + placeOf(row.a_low, low) * (wide - 8);
  const to = Math.max(from, 4 + placeOf(row.a_high, low) * (wide - 8));
  return (
    <svg class="bounds" viewBox={`0 0 ${wide} ${tall}`} aria-hidden="true">
      <path class="bounds-scale" d={`M4 8H${wide - 4}`} />
      <path class="bounds-bar" d={`M${from} 8H${to}`} />
      <path class="bounds-ends" d={`M${from} 2V14M${to} 2V14`} />
    </svg>
  );
}

const trendWide = 320;
const trendTall = 120;
const left = 44;
const foot = 22;

/** Several months, upright; a month without figures stays empty. */
export function Trend(props: {
  months: string[];
  rows: Standing[];
  low: number;
  common: Words;
  axis: [string, string];
}) {
  const { months, rows, low } = props;
  const step = (trendWide - left) / months.length;
  const top = 8;
  const height = trendTall - foot - top;
  const y = (percent: number) => top + (1 - placeOf(percent, low)) * height;
  const at = (place: number) => left + step * (place + 0.5);

  return (
    <svg class="trend" viewBox={`0 0 ${trendWide} ${trendTall}`} aria-hidden="true">
      <path class="bounds-scale" d={`M${left} ${y(100)}H${trendWide}`} />
      <path class="bounds-scale" d={`M${left} ${y(low)}H${trendWide}`} />
      <text x={left - 6} y={y(100) + 4} class="trend-axis">
        {props.axis[1]}
      </text>
      <text x={left - 6} y={y(low) + 4} class="trend-axis">
        {props.axis[0]}
      </text>
      {months.map((month, place) => {
        const row = rows.find((one) => one.period === month);
        const x = at(place);
        const name = monthName(month, props.common).slice(0, 3);
        return (
          <g key={month}>
            {(months.length <= 6 || place % 2 === (months.length - 1) % 2) && (
              <text x={x} y={trendTall - 6} class="trend-month">
                {name}
              </text>
            )}
            {row && row.a_low !== null && row.a_high !== null && (
              <>
                <path class="bounds-bar" d={`M${x} ${y(row.a_low)}V${y(row.a_high)}`} />
                <path
                  class="bounds-ends"
                  d={`M${x - 5} ${y(row.a_low)}h10M${x - 5} ${y(row.a_high)}h10`}
                />
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
}
