// SPDX-License-Identifier: Apache-2.0
// Providers or kabupaten side by side: a row a group and month. Everything adds up.

import { askJson } from "./ask";

export type By = "provider" | "kabupaten";

export interface Standing {
  period: string;
  as_of: string | null;
  key: string | null; // null: all links
  name: string | null;
  links: number;
  s: number;
  e: number;
  u: number;
  d: number;
  n: number;
  a_low: number | null;
  a_high: number | null;
  coverage: number | null;
  outages: number;
  links_met: number;
  links_missed: number;
  links_undecided: number;
  links_never: number;
  speed_tests: number;
  speed_met: number;
  speed_missed: number;
  speed_undecided: number;
  down_kbps: number | null; // medians of the tested links, added up
  down_promised_kbps: number | null; // what the contracts of these promise, added up
  down_share: number | null; // percent: the first of the second
  up_share: number | null;
  restitution_low: number | null;
  restitution_high: number | null;
  revision: string | null;
}

export interface Comparison {
  by: By;
  month: string;
  months: number;
  rows: Standing[]; // by key, then month
  all: Standing[]; // by month; none: not to be seen
}

export interface ComparisonOf {
  by: By;
  month: string;
  months: number;
  kabupaten: string; // "" any
  provider: string;
}

function queryOf(of: ComparisonOf): string {
  const query = new URLSearchParams({ by: of.by, month: of.month, months: String(of.months) });
  if (of.by === "provider" && of.kabupaten) query.set("kabupaten", of.kabupaten);
  if (of.by === "kabupaten" && of.provider) query.set("provider", of.provider);
  return `/api/v1/comparison?${query.toString()}`;
}

export function fetchComparison(of: ComparisonOf): Promise<Comparison> {
  return askJson<Comparison>(queryOf(of));
}

export function comparisonCsv(of: ComparisonOf): string {
  return `${queryOf(of)}&format=csv`;
}
