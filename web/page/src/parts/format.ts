// SPDX-License-Identifier: Apache-2.0
// Numbers and times as people here write them. Pure.

import type { Language } from "./language";
import type { Words } from "./words";

export const zoneHours: Record<string, number> = { WIB: 7, WITA: 8, WIT: 9 };
const dash = "–";

/** 1234.5 -> "1.234,5" (id), "1,234.5" (en); cut, not rounded, so that 99,4999 is never 99,5. */
export function decimal(value: number, digits: number, language: Language): string {
  const [whole = "0", rest] = floorTo(value, digits).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, language === "id" ? "." : ",");
  if (!rest) return grouped;
  return grouped + (language === "id" ? "," : ".") + rest;
}

/** Six decimals come from the server: what binary fractions add beyond them is not real. */
function floorTo(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.floor(Number((value * scale).toFixed(6))) / scale;
}

function ceilTo(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.ceil(Number((value * scale).toFixed(6))) / scale;
}

export function milliseconds(us: number | null, language: Language): string {
  if (us === null) return dash;
  const ms = us / 1000;
  return `${decimal(ms, ms < 10 ? 1 : 0, language)} ms`;
}

export function lossPercent(ppm: number | null, language: Language): string {
  if (ppm === null) return dash;
  const percent = ppm / 10000;
  const digits = percent === 0 || percent >= 10 ? 0 : 1;
  return `${decimal(ceilTo(percent, digits), digits, language)}%`;
}

/** The low bound is cut, the high one raised: the truth lies between what is shown. */
export function bounds(low: number | null, high: number | null, language: Language): string {
  if (low === null || high === null) return dash;
  const from = decimal(low, 2, language);
  const to = low === high ? from : decimal(ceilTo(high, 2), 2, language);
  return from === to ? `${from}%` : `${from} ${dash} ${to}%`;
}

/** The time in the link's own zone, as a Date whose UTC fields hold it. */
function inZone(iso: string, zone: string): Date {
  return new Date(Date.parse(iso) + (zoneHours[zone] ?? 8) * 3600000);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** "14.05" today, "21 Nov 14.05" on another day, with the year where it is another. */
export function clockTime(iso: string, zone: string, nowMs: number, words: Words): string {
  const then = inZone(iso, zone);
  const now = inZone(new Date(nowMs).toISOString(), zone);
  const time = two(then.getUTCHours()) + words.timeDot + two(then.getUTCMinutes());
  const day = `${then.getUTCDate()} ${words.months[then.getUTCMonth()] ?? ""}`;
  if (then.getUTCFullYear() !== now.getUTCFullYear())
    return `${day} ${then.getUTCFullYear()} ${time}`;
  const same = then.getUTCMonth() === now.getUTCMonth() && then.getUTCDate() === now.getUTCDate();
  return same ? time : `${day} ${time}`;
}

export function wholeTime(iso: string, zone: string, words: Words): string {
  const then = inZone(iso, zone);
  const time = [then.getUTCHours(), then.getUTCMinutes(), then.getUTCSeconds()].map(two);
  const month = words.months[then.getUTCMonth()] ?? "";
  const date = `${then.getUTCDate()} ${month} ${then.getUTCFullYear()}`;
  return `${date} ${time.join(words.timeDot)} ${zone}`;
}

/** The two largest units: "3 jam 12 menit". */
export function duration(seconds: number, words: Words): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return words.seconds(s);
  if (s < 3600) return words.minutes(Math.floor(s / 60));
  if (s < 86400) {
    const minutes = Math.floor((s % 3600) / 60);
    const hours = words.hours(Math.floor(s / 3600));
    return minutes ? `${hours} ${words.minutes(minutes)}` : hours;
  }
  const hours = Math.floor((s % 86400) / 3600);
  const days = words.days(Math.floor(s / 86400));
  return hours && s < 86400 * 7 ? `${days} ${words.hours(hours)}` : days;
}

/** The largest unit alone: "3 jam". */
export function briefly(seconds: number, words: Words): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return words.seconds(s);
  if (s < 3600) return words.minutes(Math.floor(s / 60));
  return s < 86400 ? words.hours(Math.floor(s / 3600)) : words.days(Math.floor(s / 86400));
}

/** "2026-01": the month in WITA. */
export function monthOf(nowMs: number): string {
  return new Date(nowMs + 8 * 3600000).toISOString().slice(0, 7);
}

export function monthName(month: string, words: Words): string {
  const name = words.monthsLong[Number(month.slice(5)) - 1] ?? month;
  return `${name} ${month.slice(0, 4)}`;
}

/** Registers write "KABUPATEN KUTAI BARAT"; people read "Kab. Kutai Barat". */
export function properName(name: string): string {
  const word = /(^|[\s\-/(.])(\p{L})/gu;
  const proper =
    name === name.toUpperCase()
      ? name.toLowerCase().replace(word, (letters) => letters.toUpperCase())
      : name;
  return proper.replace(/^Kabupaten /, "Kab. ");
}
