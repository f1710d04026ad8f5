// SPDX-License-Identifier: Apache-2.0
// A month as a row a day, each in the link's own zone. Pure.

import type { Class, Span, Stretch } from "../api/links";
import type { Shown } from "../live/shown";
import { zoneHours } from "../parts/format";

export const daySeconds = 86400;

export interface Piece {
  from: number; // seconds of the day
  to: number;
  class: Class;
  cause: string | null;
}

export interface Day {
  start: number; // in seconds, UTC
  date: number; // 1 to 31
  pieces: Piece[];
}

export type Sums = Record<Class | "none", number>;

function zoneSeconds(zone: string): number {
  return (zoneHours[zone] ?? 8) * 3600;
}

/** The month as the zone has it, not beyond now. */
export function monthSpan(month: string, zone: string, nowS: number): Span {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const from = Date.UTC(year, number - 1, 1) / 1000 - zoneSeconds(zone);
  const to = Date.UTC(year, number, 1) / 1000 - zoneSeconds(zone);
  return { from, to: Math.max(from + 1, Math.min(to, Math.floor(nowS))) };
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

export function daysOf(span: Span, stretches: Stretch[]): Day[] {
  const days: Day[] = [];
  for (let start = span.from; start < span.to; start += daySeconds)
    days.push({ start, date: days.length + 1, pieces: [] });
  for (const stretch of stretches) {
    const from = Math.max(seconds(stretch.from), span.from);
    const to = Math.min(seconds(stretch.to), span.to);
    let index = Math.floor((from - span.from) / daySeconds);
    for (let day = days[index]; day && day.start < to; day = days[++index])
      day.pieces.push({
        from: Math.max(0, from - day.start),
        to: Math.min(daySeconds, to - day.start),
        class: stretch.class,
        cause: stretch.cause,
      });
  }
  return days;
}

/** Seconds by class; `none`: in no row, up to `end`. */
export function sumsOf(day: Day, end: number): Sums {
  const sums: Sums = { U: 0, D: 0, N: 0, E: 0, none: 0 };
  for (const piece of day.pieces) sums[piece.class] += piece.to - piece.from;
  const passed = Math.min(daySeconds, end - day.start);
  sums.none = Math.max(0, passed - sums.U - sums.D - sums.N - sums.E);
  return sums;
}

/** How people are shown it: silence and power cuts are no outages. */
export function shownAs(piece: { class: Class; cause: string | null }): Shown {
  if (piece.class === "U") return "up";
  if (piece.class === "D") return "down";
  if (piece.class === "E") return "excluded";
  if (piece.cause === "power") return "power";
  return piece.cause === "silent" ? "silent" : "unknown";
}

export function pieceAt(days: Day[], at: number): Piece | null {
  const day = days.find((one) => at >= one.start && at < one.start + daySeconds);
  const second = at - (day?.start ?? 0);
  return day?.pieces.find((piece) => second >= piece.from && second < piece.to) ?? null;
}

/** Where the next stretch begins (step 1), or the one before (step -1); null: there is none. */
export function nextChange(stretches: Stretch[], at: number, step: 1 | -1): number | null {
  const begins = stretches.map((stretch) => seconds(stretch.from));
  const found = step === 1 ? begins.filter((one) => one > at) : begins.filter((one) => one < at);
  if (found.length === 0) return null;
  return step === 1 ? Math.min(...found) : Math.max(...found);
}
