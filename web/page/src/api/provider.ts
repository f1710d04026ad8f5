// SPDX-License-Identifier: Apache-2.0
// What a provider's page is made of: the month of its links, outages, tickets. The server narrows
// all of it to the provider's own links, whoever asks.

import { askJson, change } from "./ask";
import type { List } from "./decisions";

export interface MonthRow {
  link: number | null;
  contract: number | null;
  segment_end: string | null;
  a_low: number | null; // percent
  a_high: number | null;
  target: number | null;
  verdict: string | null;
  restitution_low: number | null;
  restitution_high: number | null;
  outages: number | null;
  revision: string | null;
}

export interface WholeRow extends MonthRow {
  links_met: number | null;
  links_missed: number | null;
  links_undecided: number | null;
  links_never: number | null;
}

export interface OutageRow {
  start: string;
  end: string | null;
  cause: string | null;
  link: number;
  d: number;
  n: number;
  note: string | null;
  ticket: string | null;
  objection: string | null;
}

export interface Ticket {
  ticket: number;
  link: number;
  at: string;
  number: string;
  opened: string;
  by: string | null;
  revoked: string | null;
}

function about(provider: string, rest: Record<string, string>): string {
  return new URLSearchParams({ provider, ...rest }).toString();
}

const rowsMax = 10000;

export async function fetchMonth(provider: string, month: string): Promise<MonthRow[]> {
  const query = about(provider, { month, limit: String(rowsMax) });
  return (await askJson<{ rows: MonthRow[] }>(`/api/v1/sla?${query}`)).rows;
}

export async function fetchWhole(provider: string, month: string): Promise<WholeRow | null> {
  const query = about(provider, { month, by: "provider" });
  return (await askJson<{ rows: WholeRow[] }>(`/api/v1/sla?${query}`)).rows[0] ?? null;
}

export function fetchProviderOutages(
  provider: string,
  month: string,
  limit: number,
): Promise<List<OutageRow>> {
  const query = about(provider, { month, limit: String(limit) });
  return askJson<List<OutageRow>>(`/api/v1/outages?${query}`);
}

export async function endContract(contract: number, to: string): Promise<void> {
  await change("POST", `/api/v1/contracts/${contract}/end`, { to });
}
