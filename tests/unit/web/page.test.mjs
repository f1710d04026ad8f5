// SPDX-License-Identifier: Apache-2.0
// What the page decides without a browser: how numbers and times read, what is shown and where.
import assert from "node:assert/strict";
import { test } from "node:test";

import { anything, choose, countStates } from "./choice.mjs";
import * as format from "./format.mjs";
import { words } from "./words.mjs";

const now = Date.parse("2026-01-31T16:05:00Z"); // 00.05 on 1 February in WITA

function link(id, more = {}) {
  return {
    link: id, desa: `64.08.05.${2000 + id}`, desa_name: `Desa ${id}`, kecamatan: "64.08.05",
    kecamatan_name: "Muara Wis", kabupaten: "64.08", kabupaten_name: "KUTAI TIMUR",
    provider: "Penyedia A", kind: "fibre", zone: "WITA", state: "up", since: null, cause: null,
    last_report: null, rtt_us: null, loss_ppm: null, desa_state: "up", ...more,
  };
}

test("numbers are written as people here write them", () => {
  assert.equal(format.decimal(1234567.25, 2, "id"), "1.234.567,25");
  assert.equal(format.decimal(1234567.25, 2, "en"), "1,234,567.25");
  assert.equal(format.decimal(1038, 0, "id"), "1.038");
});

test("a percentage is cut, never rounded up to its target", () => {
  assert.equal(format.decimal(99.499961, 2, "id"), "99,49");
  assert.equal(format.decimal(99.5, 2, "id"), "99,50");
  assert.equal(format.decimal(0.29, 2, "id"), "0,29"); // binary 0.28999...
});

test("bounds hold the truth between them", () => {
  assert.equal(format.bounds(99.121234, 99.871234, "id"), "99,12 – 99,88%");
  assert.equal(format.bounds(99.499961, 99.499961, "id"), "99,49%");
  assert.equal(format.bounds(null, null, "id"), "–");
  assert.equal(format.bounds(0, 100, "en"), "0.00 – 100.00%");
});

test("a loss that is not nothing never reads as nothing", () => {
  assert.equal(format.lossPercent(0, "id"), "0%");
  assert.equal(format.lossPercent(300, "id"), "0,1%");
  assert.equal(format.lossPercent(1000000, "id"), "100%");
  assert.equal(format.lossPercent(null, "id"), "–");
});

test("round-trip times keep a decimal while they are short", () => {
  assert.equal(format.milliseconds(4321, "id"), "4,3 ms");
  assert.equal(format.milliseconds(632100, "id"), "632 ms");
  assert.equal(format.milliseconds(null, "en"), "–");
});

test("times are those of the link's zone", () => {
  const clock = (iso, zone) => format.clockTime(iso, zone, now, words.id);
  assert.equal(clock("2026-01-31T16:00:00Z", "WITA"), "00.00"); // today there
  assert.equal(clock("2026-01-31T16:00:00Z", "WIB"), "23.00");
  assert.equal(clock("2026-01-31T15:59:00Z", "WITA"), "31 Jan 23.59");
  assert.equal(clock("2025-12-31T15:59:00Z", "WITA"), "31 Des 2025 23.59");
  assert.equal(
    format.wholeTime("2026-01-31T16:00:00Z", "WITA", words.id),
    "1 Februari 2026 00.00.00 WITA".replace("Februari", "Feb"),
  );
});

test("a month is that of WITA", () => {
  assert.equal(format.monthOf(now), "2026-02");
  assert.equal(format.monthName("2026-02", words.id), "Februari 2026");
});

test("durations name their two largest units", () => {
  assert.equal(format.duration(59.9, words.id), "59 detik");
  assert.equal(format.duration(3600 * 3 + 12 * 60, words.id), "3 jam 12 menit");
  assert.equal(format.duration(86400 * 2 + 3600, words.en), "2 days 1 hour");
  assert.equal(format.duration(-5, words.id), "0 detik"); // a clock that is a little off
});

test("names in capitals are made readable", () => {
  assert.equal(format.properName("KUTAI BARAT"), "Kutai Barat");
  assert.equal(format.properName("KABUPATEN MAHAKAM ULU"), "Kab. Mahakam Ulu");
  assert.equal(format.properName("Long Apari"), "Long Apari");
});

test("what needs somebody comes first, and silence is not down", () => {
  const links = [link(1), link(2, { state: "silent" }), link(3, { state: "down" })];
  assert.deepEqual(choose(links, anything).map((l) => l.link), [3, 2, 1]);
  assert.deepEqual(choose(links, { ...anything, sort: "name" }).map((l) => l.link), [1, 2, 3]);
  assert.equal(countStates(links).down, 1);
  for (const language of ["id", "en"])
    assert.notEqual(words[language].states.silent, words[language].states.down);
});

test("links are found by name, code, provider and state together", () => {
  const links = [
    link(1, { desa_name: "Melintang", provider: "Penyedia B" }),
    link(2, { desa_name: "Enggelam", state: "down" }),
  ];
  const found = (choice) => choose(links, { ...anything, ...choice }).map((l) => l.link);
  assert.deepEqual(found({ text: "mel" }), [1]);
  assert.deepEqual(found({ text: "muara enggelam" }), [2]);
  assert.deepEqual(found({ text: "64.08.05.2001" }), [1]);
  assert.deepEqual(found({ provider: "Penyedia B", state: "down" }), []);
  assert.deepEqual(found({ kabupaten: "64.08" }), [2, 1]);
});

test("both languages have a word for everything", () => {
  const keys = (object, at = "") => Object.entries(object).flatMap(([key, value]) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? keys(value, `${at}${key}.`)
      : [`${at}${key}`]);
  assert.deepEqual(keys(words.id), keys(words.en));
});
