// SPDX-License-Identifier: Apache-2.0
// One link: who measures it, how its time counts, what was measured, its outages.

import { askJson } from "./ask";

export interface Contract {
  contract: number;
  from: string;
  to: string | null;
  down_kbps: number;
  up_kbps: number;
  target: number; // percent
  window_s: number;
}

export interface Device {
  agent: number;
  wan: string;
  from: string;
  to: string | null;
}

export interface Start {
  agent: number;
  at: string;
  why: string;
  software: string;
}

/** Parts per billion by which a clock runs fast, and by how much that may be off. */
export interface Drift {
  ppb: number;
  error_ppb: number;
  over_s: number;
}

export interface Health {
  agent: number;
  clock: {
    at: string;
    error_us: number;
    source: "ntp" | "collector" | "manual" | null;
    drift: Drift | null;
  } | null;
  spool: {
    sent_to: string | null;
    heard: string | null;
    drops_30d: number;
    dropped_records_30d: number;
    dropped: string | null;
    waiting: { records: number; greeted: string; connected: boolean } | null;
  };
}

/** What the speed tests of this month moved. */
export interface DataUsed {
  month: string;
  speed_bytes: number;
  speed_tests: number;
  speed_over_budget: number;
  speed_bytes_30d: number;
  budget_bytes_30d: number | null; // null: the device's own file decides
}

export interface LinkFacts {
  link: number;
  health: Health | null;
  flags: { open: number; month: string } | null; // of its witness, that nobody has answered
  data: DataUsed;
  contracts: Contract[];
  devices: Device[];
  starts_30d: number;
  starts: Start[]; // the newest first
}

export type Class = "U" | "D" | "N" | "E";

export interface Stretch {
  from: string;
  to: string;
  class: Class;
  cause: string | null;
}

export type Metric = "rtt" | "loss" | "pdv" | "down" | "up" | "rx" | "tx";

/** Second, low, middle, high, count. */
export type Point = [number, number, number, number, number];

export interface Series {
  step: number;
  points: Point[];
}

export interface Span {
  from: number; // seconds
  to: number;
}

export interface Outage {
  start: string;
  end: string | null;
  first_lost: string | null;
  first_answered: string | null;
  cause: string | null;
  d: number;
  n: number;
  note: string | null;
  ticket: string | null;
  objection: string | null;
}

export function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function spanQuery(span: Span): string {
  return `from=${isoTime(span.from)}&to=${isoTime(span.to)}`;
}

export function fetchLink(link: number): Promise<LinkFacts> {
  return askJson<LinkFacts>(`/api/v1/links/${link}`);
}

export async function fetchTimeline(link: number, span: Span): Promise<Stretch[]> {
  const path = `/api/v1/links/${link}/timeline?${spanQuery(span)}`;
  return (await askJson<{ rows: Stretch[] }>(path)).rows;
}

export function fetchSeries(link: number, metric: Metric, span: Span): Promise<Series> {
  return askJson<Series>(`/api/v1/links/${link}/series?metric=${metric}&${spanQuery(span)}`);
}

export async function fetchOutages(link: number, month: string): Promise<Outage[]> {
  const path = `/api/v1/outages?month=${month}&link=${link}`;
  return (await askJson<{ rows: Outage[] }>(path)).rows;
}
