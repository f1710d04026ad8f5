// SPDX-License-Identifier: Apache-2.0
// How an incident is shown. Silence is no outage: it is "down" only where something is known to be.
// Pure.

import type { Incident, Member } from "../api/incidents";
import type { Shown } from "../live/shown";
import type { Mark } from "./words";

export function markOf(incident: Incident): Mark {
  if (incident.to !== null) return "over";
  return incident.silent >= incident.links ? "silent" : "down";
}

export function memberMark(member: Member): Mark {
  if (member.to !== null) return "over";
  return member.silent ? "silent" : "down";
}

export const shownMarks: Record<Mark, Shown> = { down: "down", silent: "silent", over: "up" };

/** Open and unattended first, the largest first; what is over by its time. */
export function inOrder(incidents: Incident[]): Incident[] {
  const weight = (one: Incident) =>
    (one.acknowledged ? 0 : 1e6) + (markOf(one) === "down" ? 5e5 : 0) + one.lasting;
  return [...incidents].sort((a, b) => weight(b) - weight(a));
}
