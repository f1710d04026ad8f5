// SPDX-License-Identifier: Apache-2.0
// How the rows of a comparison are grouped, sorted and scaled. Pure.

import type { Standing } from "../api/comparison";
import { properName } from "../parts/format";
import type { Sort } from "./words";

export interface Group {
  key: string;
  name: string;
  now: Standing | null; // of the month that is compared; null: it has no row there
  months: Standing[]; // by month
}

export interface Order {
  by: Sort;
  down: boolean; // the greatest first
}

export function groupsOf(rows: Standing[], month: string): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const key = row.key ?? "";
    const name = properName(row.name ?? key);
    const group = groups.get(key) ?? { key, name, now: null, months: [] };
    group.months.push(row);
    if (row.period === month) group.now = row;
    groups.set(key, group);
  }
  return [...groups.values()];
}

export function speedJudged(row: Standing): number {
  return row.speed_met + row.speed_missed + row.speed_undecided;
}

/** Of all links; null: nothing to compare by. */
function figureOf({ now }: Group, by: Sort): number | null {
  if (!now) return null;
  switch (by) {
    case "name":
      return null;
    case "links":
      return now.links;
    case "low":
      return now.a_low;
    case "high":
      return now.a_high;
    case "missed":
      return now.links ? now.links_missed / now.links : null;
    case "speed":
      return now.down_share;
    case "proven":
      return now.restitution_low;
    case "possible":
      return now.restitution_high;
  }
}

const names = new Intl.Collator("id", { numeric: true });

/** What has no figure comes last, whichever way it is sorted. */
export function sorted(groups: Group[], order: Order): Group[] {
  const sign = order.down ? -1 : 1;
  const byName = (a: Group, b: Group) => names.compare(a.name, b.name);
  return [...groups].sort((a, b) => {
    if (order.by === "name") return sign * byName(a, b);
    const left = figureOf(a, order.by);
    const right = figureOf(b, order.by);
    if (left === null || right === null)
      return Number(left === null) - Number(right === null) || byName(a, b);
    return sign * (left - right) || byName(a, b);
  });
}

/** Where the scale of availability begins, so that all bounds are on it: a round percentage. */
export function scaleLow(rows: Standing[]): number {
  const lows = rows.flatMap((row) => (row.a_low === null ? [] : [row.a_low]));
  const least = Math.min(100, ...lows);
  for (const low of [99, 95, 90, 80, 50]) if (least >= low + (100 - low) / 10) return low;
  return 0;
}

/** From 0 to 1 on a scale that goes from `low` to 100 percent. */
export function placeOf(percent: number, low: number): number {
  return Math.min(1, Math.max(0, (percent - low) / (100 - low)));
}
