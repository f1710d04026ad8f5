// SPDX-License-Identifier: Apache-2.0
// Which links are shown, and in which order. Pure.

import type { Link, State } from "./api";

export interface Choice {
  state: State | null;
  kabupaten: string; // code; "" any
  provider: string; // "" any
  text: string;
  sort: "trouble" | "name";
}

export const anything: Choice = {
  state: null,
  kabupaten: "",
  provider: "",
  text: "",
  sort: "trouble",
};

/** Trouble first; what nobody has to act on last. */
export const stateOrder: State[] = ["down", "unknown", "silent", "never", "excluded", "up"];

export function isChoosing(choice: Choice): boolean {
  return Boolean(choice.state || choice.kabupaten || choice.provider || choice.text.trim());
}

function matchesText(link: Link, text: string): boolean {
  const hay = [link.desa_name, link.kecamatan_name, link.kabupaten_name, link.desa, link.provider];
  const lower = hay.join(" ").toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

function matches(link: Link, choice: Choice): boolean {
  if (choice.state && link.state !== choice.state) return false;
  if (choice.kabupaten && link.kabupaten !== choice.kabupaten) return false;
  if (choice.provider && link.provider !== choice.provider) return false;
  return !choice.text.trim() || matchesText(link, choice.text.trim());
}

const names = new Intl.Collator("id", { numeric: true }); // "Desa 2" before "Desa 10"

function byName(a: Link, b: Link): number {
  return names.compare(a.desa_name ?? a.desa, b.desa_name ?? b.desa) || a.link - b.link;
}

function byTrouble(a: Link, b: Link): number {
  const order = stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state);
  return order || byName(a, b);
}

export function choose(links: Link[], choice: Choice): Link[] {
  const chosen = links.filter((link) => matches(link, choice));
  return chosen.sort(choice.sort === "name" ? byName : byTrouble);
}

export function countStates(links: Link[]): Record<State, number> {
  const counts = { down: 0, unknown: 0, silent: 0, never: 0, excluded: 0, up: 0 };
  for (const link of links) counts[link.state]++;
  return counts;
}

/** Value and label of each kabupaten or provider that occurs, by label. */
export function options(links: Link[], read: (link: Link) => [string, string]): [string, string][] {
  const found = new Map<string, string>();
  for (const link of links) {
    const [value, label] = read(link);
    found.set(value, label);
  }
  return [...found].sort((a, b) => names.compare(a[1], b[1]));
}
