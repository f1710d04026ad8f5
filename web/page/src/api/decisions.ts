// SPDX-License-Identifier: Apache-2.0
// What waits for people before a month closes, and their word on it.

import { askJson, change } from "./ask";

export type Kind =
  | "undetermined"
  | "power-gap"
  | "outage"
  | "dispute"
  | "exclusion"
  | "objection"
  | "contract-gap"
  | "witness";

export interface Part {
  from: string;
  to: string;
  cause: string;
  rupiah: number;
}

/** A device that told some of the disputed slots. */
export interface Device {
  boot: string;
  slots: number;
  from: string;
  to: string;
  wan: string | null;
  address: string | null;
}

export interface Item {
  item: string;
  kind: Kind;
  link: number | null;
  contract: number | null;
  desa: string | null;
  provider: string;
  from: string;
  to: string | null;
  seconds: number;
  rupiah: number;
  cause: string | null;
  links: number;
  evidence: string; // in Bahasa Indonesia, with figures
  number: number | null; // of the exclusion, the objection, the agent; the kind of flag
  by: string | null;
  note: string | null;
  spans: Part[];
  devices: Device[];
  dismissal: number | null;
  dismissed_by: string | null;
  dismissed_note: string | null;
}

export interface KindCount {
  kind: Kind;
  open: number;
  dismissed: number;
  rupiah: number;
}

export interface Inbox {
  period: string;
  as_of: string;
  closes: string; // from then on the month can be closed
  closed: string | null;
  kinds: KindCount[];
  total: number;
  rows: Item[];
}

export interface InboxOf {
  month: string;
  kabupaten?: string;
  provider?: string;
  kind?: string;
  open?: boolean;
  limit: number;
}

export function fetchInbox(of: InboxOf): Promise<Inbox> {
  const query = new URLSearchParams({ month: of.month, limit: String(of.limit) });
  if (of.kabupaten) query.set("kabupaten", of.kabupaten);
  if (of.provider) query.set("provider", of.provider);
  if (of.kind) query.set("kind", of.kind);
  if (of.open) query.set("open", "1");
  return askJson<Inbox>(`/api/v1/decisions?${query.toString()}`);
}

export interface Result {
  item: string;
  status: number;
  error: string | null;
  code: string | null;
}

const itemsAtOnce = 500; // the server takes 2000; a smaller pile answers sooner

/** What became of each. */
export async function dismiss(month: string, items: string[], note: string): Promise<Result[]> {
  const told: Result[] = [];
  for (let at = 0; at < items.length; at += itemsAtOnce) {
    const body = { month, items: items.slice(at, at + itemsAtOnce), note, each: true };
    const answer = await change<{ results: Result[] }>("POST", "/api/v1/decisions/dismiss", body);
    told.push(...(answer?.results ?? []));
  }
  return told;
}

export interface Settlement {
  agent: number;
  from: string;
  to: string;
  accept: string; // a boot, or "none"
  note: string;
}

export async function settle(settlement: Settlement): Promise<void> {
  await change("POST", "/api/v1/decisions/dispute", settlement);
}

export interface Decided {
  kind: "dismissal" | "dispute";
  number: number;
  what: string;
  from: string | null;
  to: string | null;
  decision: string;
  entered: string;
  by: string;
  note: string;
  revoked: string | null;
  revoked_by: string | null;
  revoke_note: string | null;
}

export interface List<Row> {
  total: number;
  rows: Row[];
}

export function fetchDecided(limit: number): Promise<List<Decided>> {
  return askJson<List<Decided>>(`/api/v1/decisions/log?limit=${limit}`);
}

export async function revokeDecision(
  kind: Decided["kind"],
  number: number,
  note: string,
): Promise<void> {
  await change("POST", "/api/v1/decisions/revoke", { [kind]: number, note });
}

/** The last rows of a list that has the oldest first, the newest first. */
export async function fetchNewest<Row>(
  path: string,
  filter: Record<string, string>,
  limit: number,
): Promise<List<Row>> {
  const query = new URLSearchParams({ ...filter, limit: "1" });
  const { total } = await askJson<List<Row>>(`${path}?${query.toString()}`);
  query.set("limit", String(limit));
  query.set("offset", String(Math.max(0, total - limit)));
  const list = await askJson<List<Row>>(`${path}?${query.toString()}`);
  return { total: list.total, rows: list.rows.reverse() };
}
