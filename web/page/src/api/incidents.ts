// SPDX-License-Identifier: Apache-2.0
// Outages and silences that belong together, and what people say of them.

import { askJson, change } from "./ask";

export interface Remark {
  by: string;
  at: string;
  acknowledged: boolean;
  note: string | null;
}

export interface Incident {
  id: string;
  scope: "provider" | "kecamatan" | "all" | "link";
  place: string | null;
  place_name: string | null;
  from: string;
  to: string | null; // null: it lasts
  links: number;
  lasting: number;
  silent: number; // no news: not known to be down
  cause: string | null;
  acknowledged: { by: string; at: string } | null;
  remarks: Remark[];
  tickets: string[];
}

export interface Member {
  link: number;
  desa: string;
  desa_name: string | null;
  kecamatan_name: string | null;
  kabupaten_name: string | null;
  provider: string;
  zone: string;
  from: string;
  to: string | null;
  silent: boolean;
  cause: string | null;
}

export interface IncidentList {
  rows: Incident[];
  total: number;
}

export interface IncidentsOf {
  open: boolean;
  days: number;
  limit: number;
}

export function fetchIncidents(of: IncidentsOf, nowMs: number): Promise<IncidentList> {
  const query = new URLSearchParams({
    from: new Date(nowMs - of.days * 86400000).toISOString().slice(0, 19) + "Z",
    limit: String(of.limit),
  });
  if (of.open) query.set("open", "1");
  return askJson<IncidentList>(`/api/v1/incidents?${query.toString()}`);
}

export async function fetchMembers(id: string): Promise<Member[]> {
  const path = `/api/v1/incidents/${encodeURIComponent(id)}`;
  return (await askJson<{ members: Member[] }>(path)).members;
}

async function say(id: string, what: string, body: Record<string, string>): Promise<void> {
  await change("POST", `/api/v1/incidents/${encodeURIComponent(id)}/${what}`, body);
}

export function acknowledge(id: string, note: string): Promise<void> {
  return say(id, "acknowledge", note ? { note } : {});
}

export function comment(id: string, note: string): Promise<void> {
  return say(id, "comment", { note });
}

export function assignTicket(id: string, number: string): Promise<void> {
  return say(id, "ticket", { number });
}

export interface NewExclusion {
  scope: "link" | "desa" | "kecamatan" | "kabupaten" | "provider";
  value: string | number;
  reason: string;
  from: string;
  to: string;
  note: string;
}

export async function proposeExclusion(one: NewExclusion): Promise<void> {
  const { scope, value, ...rest } = one;
  await change("POST", "/api/v1/exclusions", { [scope]: value, ...rest });
}
