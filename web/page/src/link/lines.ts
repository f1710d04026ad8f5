// SPDX-License-Identifier: Apache-2.0
// What is drawn in which chart, and measurements as uPlot wants them. Pure.

import type { Metric, Point, Series, Span } from "../api/links";
import { decimal, lossPercent, milliseconds } from "../parts/format";
import type { Language } from "../parts/language";
import type { Group } from "./words";

export const groups: Record<Group, Metric[]> = {
  rtt: ["rtt"],
  loss: ["loss"],
  pdv: ["pdv"],
  speed: ["down", "up"],
  traffic: ["rx", "tx"],
};

export interface Line {
  metric: Metric;
  series: Series;
}

type Value = number | null;

const gapSteps = 1.5;

/** Tests of speed are hours apart: between them there is no gap but nothing. */
export function isRare(metric: Metric): boolean {
  return metric === "down" || metric === "up";
}

export function valueWords(metric: Metric, value: number | null, language: Language): string {
  if (value === null) return "–";
  if (metric === "loss") return lossPercent(value, language);
  if (metric === "rtt" || metric === "pdv") return milliseconds(value, language);
  const mbit = isRare(metric) ? value / 1000 : value / 1000000;
  return `${decimal(mbit, mbit < 10 ? 1 : 0, language)} Mbit/s`;
}

/** Where nothing was measured the line ends. */
function withGaps(series: Series, rare: boolean): (Point | [number, null, null, null, 0])[] {
  const filled: (Point | [number, null, null, null, 0])[] = [];
  let before: number | null = null;

  for (const point of series.points) {
    if (!rare && before !== null && point[0] - before > series.step * gapSteps)
      filled.push([before + series.step, null, null, null, 0]);
    filled.push(point);
    before = point[0];
  }
  return filled;
}

/** Seconds, then low, middle and high of each line. */
export function columnsOf(lines: Line[]): Value[][] {
  const filled = lines.map(({ metric, series }) => withGaps(series, isRare(metric)));
  const seconds = [...new Set(filled.flat().map((point) => point[0]))].sort((a, b) => a - b);
  const columns: Value[][] = [seconds];
  for (const points of filled) {
    const found = new Map(points.map((point) => [point[0], point]));
    for (const place of [1, 2, 3] as const)
      columns.push(seconds.map((second) => found.get(second)?.[place] ?? null));
  }
  return columns;
}

/** Around the middle; not beyond now, and no narrower than ten minutes. */
export function zoomed(span: Span, factor: number, nowS: number): Span {
  const middle = (span.from + span.to) / 2;
  const half = Math.max(300, ((span.to - span.from) / 2) * factor);
  const to = Math.min(Math.floor(middle + half), Math.floor(nowS));
  return { from: Math.floor(middle - half), to };
}

export function shifted(span: Span, share: number, nowS: number): Span {
  const by = Math.floor((span.to - span.from) * share);
  const to = Math.min(span.to + by, Math.floor(nowS));
  return { from: to - (span.to - span.from), to };
}
