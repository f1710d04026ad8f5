// SPDX-License-Identifier: Apache-2.0
// A link's state as people are shown it: two words more than the ledger has. Pure.

import type { Link, State } from "../api/desa";

export type Shown = State | "degraded" | "power";

/** Trouble first; what nobody has to act on last. */
export const shownOrder: Shown[] = [
  "down",
  "unknown",
  "power",
  "silent",
  "degraded",
  "never",
  "excluded",
  "up",
];

/** `degraded`: up, but slower than the contract's limits, or names fail. `power`: unknown because
 * the router had none. Neither is a state of the SLA. */
export function shownOf(link: Link): Shown {
  if (link.state === "up") return (link.beyond?.length ?? 0) > 0 || link.dns ? "degraded" : "up";
  if (link.state === "unknown" && link.cause === "power") return "power";
  return link.state;
}

export function countShown(links: Link[]): Record<Shown, number> {
  const counts = {
    down: 0,
    unknown: 0,
    power: 0,
    silent: 0,
    degraded: 0,
    never: 0,
    excluded: 0,
    up: 0,
  };
  for (const link of links) counts[shownOf(link)]++;
  return counts;
}

/** Seconds known, of those that count: what the ledger calls coverage. Null: nothing counts. */
export function coverageOf(links: Link[]): number | null {
  let known = 0;
  let counted = 0;
  for (const { day } of links) {
    if (!day) continue;
    known += day.u + day.d;
    counted += day.u + day.d + day.n;
  }
  return counted > 0 ? (100 * known) / counted : null;
}
