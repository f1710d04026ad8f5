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

export type Limit = "rtt" | "loss" | "pdv" | "speed";

/** Limits of its contract that it breaks: the last five slots' answers, the last quarter hour's
 * variation, the last day's speed tests. */
export function brokenLimits(link: Link): Limit[] {
  const { limits, rtt_us, loss_ppm, pdv_us } = link;
  const broken: Limit[] = [];
  if (limits && rtt_us !== null && rtt_us > limits.rtt_us) broken.push("rtt");
  if (limits && loss_ppm !== null && loss_ppm > limits.loss_ppm) broken.push("loss");
  if (limits && pdv_us !== null && pdv_us > limits.pdv_us) broken.push("pdv");
  if (link.slow) broken.push("speed");
  return broken;
}

/** The same without a list: it is asked of every link of a country. */
function isDegraded(link: Link): boolean {
  const { limits, rtt_us, loss_ppm, pdv_us } = link;
  if (link.dns || link.slow) return true;
  if (!limits) return false;
  return (
    (rtt_us ?? 0) > limits.rtt_us ||
    (loss_ppm ?? 0) > limits.loss_ppm ||
    (pdv_us ?? 0) > limits.pdv_us
  );
}

/** `degraded`: up, but worse than the contract's limits, or names fail. `power`: unknown because
 * the router had none. Neither is a state of the SLA. */
export function shownOf(link: Link): Shown {
  if (link.state === "up") return isDegraded(link) ? "degraded" : "up";
  if (link.state === "unknown" && link.cause === "power") return "power";
  return link.state;
}

export function noCounts(): Record<Shown, number> {
  return {
    down: 0,
    unknown: 0,
    power: 0,
    silent: 0,
    degraded: 0,
    never: 0,
    excluded: 0,
    up: 0,
  };
}

export function countShown(links: Link[]): Record<Shown, number> {
  const counts = noCounts();
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
