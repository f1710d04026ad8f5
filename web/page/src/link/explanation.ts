// SPDX-License-Identifier: Apache-2.0
// An explanation in sentences, what decided first. Pure.

import type { Exclusion, Explanation, Heard, Outage, Probe, Slot, Stay } from "../api/explain";
import { duration, wholeTime } from "../parts/format";
import type { Words } from "../parts/words";
import type { ExplainWords } from "./explain-words";

export interface Reach {
  who: string;
  answered: number;
  asked: number;
}

interface Speech {
  w: ExplainWords;
  common: Words;
  zone: string;
}

const carrierGone = "down";

function time(iso: string, { zone, common }: Speech): string {
  return wholeTime(iso, zone, common);
}

export function verdictOf(e: Explanation, w: ExplainWords): string {
  if (e.class) return w.verdict[e.class];
  return w.nowhere[e.nowhere ?? ""] ?? e.nowhere ?? "";
}

function staySentence(stay: Stay, speech: Speech): string {
  const { w, common } = speech;
  if (!stay.to || stay.seconds === null) return w.stayOpen(time(stay.from, speech));
  return w.stay(time(stay.from, speech), time(stay.to, speech), duration(stay.seconds, common));
}

function slotSentences(slot: Slot, speech: Speech): string[] {
  const { w } = speech;
  const { rounds_made: made, rounds_lost: lost, rounds_due: due } = slot;
  const said = [lost || made < due ? w.tries(made, lost, due) : w.allAnswered(made)];
  if (slot.carrier === carrierGone) said.push(w.carrierLost);
  said.push(w.received(time(slot.received, speech)));
  return said;
}

function holeSentences(before: Heard | null, after: Heard | null, speech: Speech): string[] {
  const { w } = speech;
  const said: string[] = [];
  if (before) said.push(w.heardLast(time(before.to ?? before.from, speech)));
  said.push(after ? w.heardNext(time(after.from, speech)) : w.heardNot);
  const reset = after && w.resets[after.reset];
  if (reset) said.push(reset);
  return said;
}

function exclusionSentence(one: Exclusion, w: ExplainWords): string {
  const reason = w.reasons[one.reason] ?? one.reason;
  if (one.counts) return w.excluded(reason, one.by, one.note);
  return w.notExcluded(reason, w.reachWhy[one.why] ?? one.why);
}

function passSentence(e: Explanation, w: ExplainWords): string | null {
  const good = e.passes.find((pass) => pass.unknown_as === "good");
  const bad = e.passes.find((pass) => pass.unknown_as === "bad");
  if (e.class !== "N" || !good || !bad || good.state === bad.state) return null;
  return w.bothWays(w.passStates[good.state], w.passStates[bad.state]);
}

function outageSentence(outage: Outage, speech: Speech): string {
  const from = time(outage.start, speech);
  return outage.end
    ? speech.w.outage(from, time(outage.end, speech))
    : speech.w.outageOpen(from);
}

function sentencesOfNone(e: Explanation, speech: Speech): string[] {
  return e.alike ? [staySentence(e.alike, speech)] : [];
}

/** Everything but the verdict. */
export function sentencesOf(e: Explanation, w: ExplainWords, common: Words): string[] {
  const speech: Speech = { w, common, zone: e.zone };
  if (!e.run) return sentencesOfNone(e, speech);
  const said: string[] = [];
  if (e.run.cause) said.push(w.because(common.causes[e.run.cause] ?? e.run.cause));
  said.push(staySentence(e.run, speech));
  for (const one of e.exclusions) said.push(exclusionSentence(one, w));
  if (e.slot) said.push(...slotSentences(e.slot, speech));
  else if (e.slots_gone_before) said.push(w.gone);
  else said.push(...holeSentences(e.heard_before, e.heard_after, speech));
  if (e.run.cause === "silent") said.push(w.silenceHint);
  if (e.class === "D") said.push(w.rule(duration(e.rule.window_s, common)));
  const passes = passSentence(e, w);
  if (passes) said.push(passes);
  if (e.outage) said.push(outageSentence(e.outage, speech));
  return said;
}

/** Who answered, the nearest first: where the line is broken is where the answers end. */
export function reachesOf(probes: Probe[]): Reach[] {
  return ["gateway", "edge", "provider", "internet"]
    .map((who) => {
      const asked = probes.filter((probe) => probe.class === who);
      const answered = asked.filter((probe) => probe.outcome === "answered").length;
      return { who, answered, asked: asked.length };
    })
    .filter((reach) => reach.asked > 0);
}
