// SPDX-License-Identifier: Apache-2.0
// The live state of every link, as /api/v1/desa and the events say it.

import { askJson } from "./ask";

export type State = "up" | "down" | "unknown" | "silent" | "excluded" | "never";

export interface Figures {
  link: number;
  last_report: string | null;
  rtt_us: number | null;
  loss_ppm: number | null;
}

export interface Change extends Figures {
  state: State;
  since: string | null;
  cause: string | null;
  dns: string | null; // of a link that is up: the resolver that fails, and how
}

/** Seconds of the last 24 hours, by class. */
export interface Day {
  u: number;
  d: number;
  n: number;
  e: number;
}

/** Beyond these a link that is up is shown as degraded. */
export interface Limits {
  rtt_us: number;
  loss_ppm: number;
  pdv_us: number;
}

/** Medians of the last day's speed tests, where they are less than the contract asks for. */
export interface Slow {
  down_kbps: number | null;
  up_kbps: number | null;
  least_down_kbps: number;
  least_up_kbps: number;
}

export interface Link extends Change {
  desa: string;
  desa_name: string | null;
  kecamatan: string;
  kecamatan_name: string | null;
  kabupaten: string;
  kabupaten_name: string | null;
  provider: string;
  kind: string;
  zone: string;
  lat: number | null;
  lon: number | null;
  day: Day | null; // null: no contract, or not counted yet
  limits: Limits | null; // of its contract; null: the usual ones
  pdv_us: number | null; // of the last quarter of an hour
  slow: Slow | null;
  desa_state: State;
}

export interface Board {
  as_of: string;
  event: number;
  total: number;
  limits: Limits; // the usual ones
  rows: Link[];
}

const pageRows = 10000;

/** All rows: the first page says how many there are, and the others come side by side. Events after
 * the first page's id are still to be applied. */
export async function fetchBoard(): Promise<Board> {
  const board = await askJson<Board>(`/api/v1/desa?limit=${pageRows}`);
  const others: Promise<Board>[] = [];
  for (let offset = pageRows; offset < board.total; offset += pageRows) {
    others.push(askJson<Board>(`/api/v1/desa?limit=${pageRows}&offset=${offset}`));
  }
  for (const page of await Promise.all(others)) board.rows.push(...page.rows);
  for (const link of board.rows) link.limits ??= board.limits;
  return board;
}
