// SPDX-License-Identifier: Apache-2.0
// Which links are shown, and in which order. Pure.

import type { Link } from "../api/desa";
import { shownOf, shownOrder } from "../live/shown";
import type { Shown } from "../live/shown";

export interface Choice {
  state: Shown | null;
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

export function matches(link: Link, choice: Choice): boolean {
  if (choice.state && shownOf(link) !== choice.state) return false;
  if (choice.kabupaten && link.kabupaten !== choice.kabupaten) return false;
  if (choice.provider && link.provider !== choice.provider) return false;
  return !choice.text.trim() || matchesText(link, choice.text.trim());
}

const names = new Intl.Collator("id", { numeric: true }); // "Desa 2" before "Desa 10"

function byName(a: Link, b: Link): number {
  return names.compare(a.desa_name ?? a.desa, b.desa_name ?? b.desa) || a.link - b.link;
}

export function byTrouble(a: Link, b: Link): number {
  const order = shownOrder.indexOf(shownOf(a)) - shownOrder.indexOf(shownOf(b));
  return order || byName(a, b);
}

export function choose(links: Link[], choice: Choice): Link[] {
  const chosen = links.filter((link) => matches(link, choice));
  return chosen.sort(choice.sort === "name" ? byName : byTrouble);
}

const asks = new Set<Shown>(["down", "unknown", "power", "silent", "degraded"]);

function newer(a: Link, b: Link): boolean {
  return (a.since ?? "") > (b.since ?? "") || (a.since === b.since && a.link < b.link);
}

/** What somebody may have to act on, the newest first: the first so many, and how many in all. */
export function troubles(
  links: Link[],
  most: number,
  choice: Choice,
): { newest: Link[]; count: number } {
  const all = !isChoosing(choice);
  const newest: Link[] = [];
  let count = 0;
  for (const link of links) {
    if (!asks.has(shownOf(link)) || !(all || matches(link, choice))) continue;
    count++;
    const last = newest[most - 1];
    if (last && !newer(link, last)) continue;
    let at = Math.min(newest.length, most - 1);
    for (; at > 0 && newer(link, newest[at - 1] as Link); at--) newest[at] = newest[at - 1] as Link;
    newest[at] = link;
  }
  return { newest, count };
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

// ---- as parameters of the address

export function choiceOf(query: URLSearchParams): Choice {
  const state = query.get("keadaan") as Shown | null;
  return {
    state: state && shownOrder.includes(state) ? state : null,
    kabupaten: query.get("kabupaten") ?? "",
    provider: query.get("penyedia") ?? "",
    text: query.get("cari") ?? "",
    sort: query.get("urutan") === "nama" ? "name" : "trouble",
  };
}

export function queryOf(choice: Choice): Record<string, string> {
  return {
    keadaan: choice.state ?? "",
    kabupaten: choice.kabupaten,
    penyedia: choice.provider,
    cari: choice.text.trim(),
    urutan: choice.sort === "name" ? "nama" : "",
  };
}
