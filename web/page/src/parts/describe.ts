// SPDX-License-Identifier: Apache-2.0
// A link in words: the same in the table, beside the wall and on the map. Pure.

import type { Link } from "../api/desa";
import { brokenLimits, shownOf } from "../live/shown";
import { clockTime, decimal, duration, properName } from "./format";
import type { Language } from "./language";
import type { Words } from "./words";

export function desaName(link: Link): string {
  return properName(link.desa_name ?? link.desa);
}

export function placeName(link: Link): string {
  const parts = [link.kecamatan_name ?? link.kecamatan, link.kabupaten_name ?? link.kabupaten];
  return parts.map(properName).join(", ");
}

/** Why it is so; "" where there is nothing to say. */
export function causeWords(link: Link, words: Words): string {
  const shown = shownOf(link);
  if (shown === "degraded") {
    const limits = brokenLimits(link).map((limit) => words.limits[limit]);
    if (link.dns) limits.push(words.namesFail(link.dns));
    return limits.join(". ");
  }
  if (shown === "up" || shown === "power" || !link.cause) return "";
  return words.causes[link.cause] ?? link.cause;
}

export function sinceWords(link: Link, now: number, words: Words): string {
  if (!link.since) return "";
  const age = duration((now - Date.parse(link.since)) / 1000, words);
  return words.since(clockTime(link.since, link.zone, now, words), age);
}

/** One sentence, for those who hear the page. */
export function sentence(link: Link, now: number, words: Words): string {
  const parts = [
    `${desaName(link)}, ${placeName(link)}: ${words.states[shownOf(link)]}`,
    causeWords(link, words),
    sinceWords(link, now, words),
    link.provider,
  ];
  return parts.filter(Boolean).join(". ");
}

/** The part of the last day of which the state is known. */
export function dayWords(link: Link, language: Language): string {
  const { day } = link;
  if (!day || day.u + day.d + day.n === 0) return "–";
  return `${decimal((100 * (day.u + day.d)) / (day.u + day.d + day.n), 1, language)}%`;
}
