// SPDX-License-Identifier: Apache-2.0
import { ask } from "./ask";

export interface Part {
  name: string;
  ok: boolean;
  words: string;
}

export interface Health {
  status: "ok" | "fault";
  parts: Part[];
}

/** The faults of the machinery behind the page, an answer of 503 included. */
export async function fetchHealth(): Promise<Health> {
  const answer = await ask("/healthz");
  return (await answer.json()) as Health;
}
