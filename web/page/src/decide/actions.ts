// SPDX-License-Identifier: Apache-2.0
// Which decisions fit an item and whose they are. The server has the last word on each. Pure but
// for decideAll(), which asks it.

import { AskError } from "../api/ask";
import { dismiss } from "../api/decisions";
import type { Item } from "../api/decisions";
import { confirmExclusion, revokeExclusion } from "../api/exclusions";
import { proposeExclusion } from "../api/incidents";
import { answerObjection } from "../api/objections";
import type { Role, Session } from "../api/session";

export type Action =
  | "dismiss"
  | "power"
  | "exclude"
  | "confirm"
  | "reject"
  | "accept"
  | "refuse";

export interface Word {
  note: string;
  reason: string; // of an exclusion
  document: string; // its SHA-256
}

export interface Outcome {
  item: Item;
  problem: unknown; // null: well
}

const well = 204;
const atOnce = 3; // changes under way: the server has two lanes

function decides(role: Role): boolean {
  return role === "officer" || role === "admin";
}

/** As the registry compares them: "budi  SANTOSO" is Budi Santoso. */
export function samePerson(a: string | null, b: string | null): boolean {
  const plain = (name: string | null) => (name ?? "").trim().replace(/ +/g, " ").toLowerCase();
  return plain(a) === plain(b);
}

function cuts(item: Item): { from: string; to: string }[] {
  if (item.kind === "power-gap" && item.to) return [{ from: item.from, to: item.to }];
  if (item.kind !== "undetermined") return [];
  return item.spans.filter((part) => part.cause === "power");
}

export function actionsFor(item: Item, who: Pick<Session, "role" | "user">): Action[] {
  const mine = samePerson(item.by, who.user);
  const may = decides(who.role);

  if (item.dismissal !== null) return [];
  switch (item.kind) {
    case "objection":
      return may ? ["accept", "refuse"] : [];
    case "exclusion":
      if (!may) return mine ? ["reject"] : [];
      return mine ? ["reject"] : ["confirm", "reject", "dismiss"];
    case "undetermined":
    case "power-gap":
    case "outage": {
      const found: Action[] = may ? ["dismiss"] : [];
      if (cuts(item).length > 0) found.push("power");
      if (item.kind !== "undetermined" && item.to) found.push("exclude");
      return found;
    }
    default:
      return may ? ["dismiss"] : [];
  }
}

/** Those that fit each of them. */
export function actionsForAll(items: Item[], who: Pick<Session, "role" | "user">): Action[] {
  const [first, ...rest] = items;
  if (!first) return [];
  return actionsFor(first, who).filter((action) =>
    rest.every((item) => actionsFor(item, who).includes(action)),
  );
}

async function decideOne(action: Action, item: Item, word: Word): Promise<void> {
  const id = item.number ?? 0;
  if (action === "confirm") return confirmExclusion(id, word.document);
  if (action === "reject") return revokeExclusion(id, word.note);
  if (action === "accept" || action === "refuse")
    return answerObjection(id, action === "accept", word.note);
  const spans = action === "power" ? cuts(item) : [{ from: item.from, to: item.to ?? item.from }];
  const reason = action === "power" ? "power" : word.reason;
  const value = item.link ?? 0;
  for (const { from, to } of spans)
    await proposeExclusion({ scope: "link", value, reason, from, to, note: word.note });
}

async function outcomeOf(action: Action, item: Item, word: Word): Promise<Outcome> {
  try {
    await decideOne(action, item, word);
    return { item, problem: null };
  } catch (problem) {
    return { item, problem };
  }
}

async function dismissAll(items: Item[], note: string, month: string): Promise<Outcome[]> {
  const told = await dismiss(month, items.map((item) => item.item), note);
  const byName = new Map(told.map((one) => [one.item, one]));
  return items.map((item) => {
    const one = byName.get(item.item);
    if (one?.status === well) return { item, problem: null };
    return { item, problem: new AskError(one?.status ?? 0, one?.error ?? "", one?.code ?? "busy") };
  });
}

/** Each by itself: what one is refused for does not stop the others. */
export async function decideAll(
  action: Action,
  items: Item[],
  word: Word,
  month: string,
): Promise<Outcome[]> {
  if (action === "dismiss") {
    try {
      return await dismissAll(items, word.note, month);
    } catch (problem) {
      return items.map((item) => ({ item, problem }));
    }
  }
  const outcomes: Outcome[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    const some = items.slice(at, at + atOnce);
    outcomes.push(...(await Promise.all(some.map((item) => outcomeOf(action, item, word)))));
  }
  return outcomes;
}
