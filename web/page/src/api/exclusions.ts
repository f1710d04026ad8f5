// SPDX-License-Identifier: Apache-2.0
import { change } from "./ask";
import { fetchNewest } from "./decisions";
import type { List } from "./decisions";

export interface Exclusion {
  exclusion: number;
  scope: "link" | "desa" | "kecamatan" | "kabupaten" | "provider";
  value: string;
  reason: string;
  from: string;
  to: string;
  entered: string;
  by: string | null;
  note: string | null;
  second: string | null;
  document: string | null;
  revoked: string | null;
  revoked_by: string | null;
  revoke_note: string | null;
}

export function fetchExclusions(
  filter: Record<string, string>,
  limit: number,
): Promise<List<Exclusion>> {
  return fetchNewest<Exclusion>("/api/v1/exclusions", filter, limit);
}

export async function confirmExclusion(id: number, document: string): Promise<void> {
  await change("POST", `/api/v1/exclusions/${id}/confirm`, { document });
}

export async function revokeExclusion(id: number, note: string): Promise<void> {
  await change("POST", `/api/v1/exclusions/${id}/revoke`, { note });
}

/** These count when a second person has confirmed them. */
export function needsSecond(reason: string): boolean {
  return reason === "force-majeure" || reason === "customer";
}
