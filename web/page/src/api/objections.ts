// SPDX-License-Identifier: Apache-2.0
// What a provider says against an outage, and the answer.

import { change } from "./ask";
import { fetchNewest } from "./decisions";
import type { List } from "./decisions";

export interface Objection {
  objection: number;
  link: number;
  at: string;
  provider: string;
  by: string;
  note: string;
  document: string | null;
  entered: string;
  answer: "accepted" | "rejected" | null;
  answered: string | null;
  answered_by: string | null;
  answer_note: string | null;
}

export function fetchObjections(
  filter: Record<string, string>,
  limit: number,
): Promise<List<Objection>> {
  return fetchNewest<Objection>("/api/v1/objections", filter, limit);
}

export async function object(
  link: number,
  outage: string,
  note: string,
  document: string,
): Promise<void> {
  const body = { link, outage, note };
  await change("POST", "/api/v1/objections", document ? { ...body, document } : body);
}

export async function answerObjection(id: number, accept: boolean, note: string): Promise<void> {
  await change("POST", `/api/v1/objections/${id}/answer`, { accept, note });
}
