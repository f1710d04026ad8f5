// SPDX-License-Identifier: Apache-2.0
// Outages that a provider must be told of before a window ends.

import { askJson, change } from "./ask";
import type { List } from "./decisions";

export interface Claim {
  state: "overdue" | "open" | "running" | "told" | "told-late";
  link: number;
  desa: string;
  provider: string;
  start: string;
  end: string | null;
  cause: string;
  d: number;
  window_end: string | null;
  days_left: number | null;
  told: number | null;
  told_when: string | null;
  told_by: string | null;
  told_note: string | null;
}

export function fetchClaims(
  filter: Record<string, string>,
  limit: number,
): Promise<List<Claim>> {
  const query = new URLSearchParams({ ...filter, limit: String(limit) });
  return askJson<List<Claim>>(`/api/v1/claims?${query.toString()}`);
}

export async function tell(claim: Claim, note: string): Promise<void> {
  await change("POST", "/api/v1/claims/told", { link: claim.link, at: claim.start, note });
}

export async function untell(told: number, note: string): Promise<void> {
  await change("POST", `/api/v1/claims/told/${told}/revoke`, { note });
}
