// SPDX-License-Identifier: Apache-2.0
// Why a second counts as it does. What the page reads of the answer; API.md has all of it.

import { askJson } from "./ask";
import type { Class } from "./links";

export interface Stay {
  from: string;
  to: string | null;
  seconds: number | null;
}

export interface Probe {
  at: string;
  target: string;
  class: string; // "internet", "gateway", "edge", "provider"
  kind: string; // "icmp", "tcp"
  outcome: string; // "answered", "lost", "refused"
  rtt_us: number | null;
}

export interface Heard extends Stay {
  reset: string;
}

export interface Exclusion {
  id: number;
  reason: string;
  from: string;
  to: string | null;
  by: string;
  note: string;
  counts: boolean;
  why: string;
}

export interface Slot extends Stay {
  received: string;
  rounds_due: number;
  rounds_made: number;
  rounds_lost: number;
  carrier: string | null;
  probes: Probe[];
}

export interface Outage {
  start: string;
  end: string | null; // null: it lasts
}

export interface Explanation {
  at: string;
  zone: string;
  class: Class | null;
  nowhere: string | null;
  slots_gone_before: string | null;
  alike: Stay | null;
  run: (Stay & { state: Class; cause: string | null }) | null;
  passes: { unknown_as: "good" | "bad"; state: "UP" | "DOWN" }[];
  rule: { window_s: number; loss_threshold_ppm: number };
  slot: Slot | null;
  heard_before: Heard | null;
  heard_after: Heard | null;
  exclusions: Exclusion[];
  outage: Outage | null;
}

export function fetchExplanation(link: number, at: string): Promise<Explanation> {
  return askJson<Explanation>(`/api/v1/explain?link=${link}&at=${encodeURIComponent(at)}`);
}
