// SPDX-License-Identifier: Apache-2.0
// What the pages of a link and of incidents decide without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";

import { daysOf, monthSpan, nextChange, pieceAt, shownAs, sumsOf } from "./days.mjs";
import { reachesOf, sentencesOf, verdictOf } from "./explanation.mjs";
import { columnsOf, shifted, zoomed } from "./lines.mjs";
import { inOrder, markOf, memberMark } from "./marks.mjs";
import { groupsOf, placeOf, scaleLow, sorted } from "./standings.mjs";
import { words as explainWords } from "./words-explain.mjs";
import { words } from "./words.mjs";

const seconds = (iso) => Date.parse(iso) / 1000;
const after = seconds("2026-03-01T00:00:00Z");
const stretch = (from, to, which, cause = null) => ({ from, to, class: which, cause });
const incident = (more = {}) => ({
  id: "5-1", scope: "link", links: 1, lasting: 1, silent: 0, to: null, acknowledged: null, ...more,
});

test("a month begins at midnight of its zone and does not go beyond now", () => {
  const wita = monthSpan("2026-02", "WITA", after);
  assert.equal(wita.from, seconds("2026-01-31T16:00:00Z"));
  assert.equal(wita.to, seconds("2026-02-28T16:00:00Z"));
  assert.equal(monthSpan("2026-02", "WIB", after).from - wita.from, 3600);
  assert.equal(monthSpan("2026-02", "WITA", wita.from + 90).to, wita.from + 90);
});

test("a stretch over midnight is in both days, and the days add up to the stretches", () => {
  const span = monthSpan("2026-02", "WITA", after);
  const rows = [
    stretch("2026-01-31T10:00:00Z", "2026-02-01T15:00:00Z", "U"),
    stretch("2026-02-01T15:00:00Z", "2026-02-01T17:30:00Z", "D", "access"),
    stretch("2026-02-01T17:30:00Z", "2026-02-05T00:00:00Z", "U"),
  ];
  const days = daysOf(span, rows);
  assert.equal(days.length, 28);
  assert.deepEqual(days.slice(0, 2).map((day) => sumsOf(day, span.to).D), [3600, 5400]);
  const total = days.map((day) => sumsOf(day, span.to));
  const sum = (name) => total.reduce((all, sums) => all + sums[name], 0);
  assert.equal(sum("D"), 9000);
  assert.equal(sum("U") + sum("D") + sum("none"), span.to - span.from);
  assert.equal(pieceAt(days, seconds("2026-02-01T16:00:00Z")).cause, "access");
  assert.equal(pieceAt(days, seconds("2026-02-10T16:00:00Z")), null);
  assert.equal(nextChange(rows, span.from, 1), seconds("2026-02-01T15:00:00Z"));
  assert.equal(nextChange(rows, seconds("2026-02-20T00:00:00Z"), 1), null);
});

test("silence and a power cut are never shown as an outage", () => {
  assert.equal(shownAs({ class: "N", cause: "silent" }), "silent");
  assert.equal(shownAs({ class: "N", cause: "power" }), "power");
  assert.equal(shownAs({ class: "N", cause: "edge" }), "unknown");
  assert.equal(markOf(incident({ silent: 1 })), "silent");
  assert.equal(markOf(incident({ links: 5, silent: 4 })), "down");
  assert.equal(markOf(incident({ silent: 1, to: "2026-02-01T00:00:00Z" })), "over");
  assert.equal(memberMark({ to: null, silent: true }), "silent");
  const silent = { class: "N", nowhere: null, zone: "WITA", alike: null, slots_gone_before: null,
    run: { from: "2026-02-01T00:00:00Z", to: null, seconds: null, cause: "silent" }, passes: [],
    rule: { window_s: 300 }, slot: null, heard_before: null, heard_after: null, exclusions: [],
    outage: null };
  const said = sentencesOf(silent, explainWords.id, words.id).join(" ");
  assert.match(said, /tidak berarti internetnya putus/);
  assert.doesNotMatch(verdictOf(silent, explainWords.id), /Dihitung putus/);
});

test("an explanation names cause, tries, rule and who answered", () => {
  const probe = (which, outcome) => ({ class: which, outcome });
  const down = { class: "D", nowhere: null, zone: "WITA", slots_gone_before: null, passes: [],
    run: { from: "2026-02-01T00:00:00Z", to: "2026-02-01T00:10:00Z", seconds: 600,
      cause: "access" },
    rule: { window_s: 300 }, exclusions: [], outage: null,
    slot: { rounds_due: 6, rounds_made: 6, rounds_lost: 5, carrier: "up",
      received: "2026-02-01T00:11:00Z", probes: [] } };
  const said = sentencesOf(down, explainWords.id, words.id).join(" ");
  assert.match(said, /Jalur dari desa ke penyedia putus/);
  assert.match(said, /6 dari 6 kali; 5 kali tidak ada jawaban/);
  assert.match(said, /5 menit atau lebih/);
  assert.deepEqual(
    reachesOf([probe("internet", "lost"), probe("gateway", "answered"), probe("internet", "lost")]),
    [{ who: "gateway", answered: 1, asked: 1 }, { who: "internet", answered: 0, asked: 2 }]);
});

test("where nothing was measured a line ends, but tests of speed are joined", () => {
  const points = [[0, 1, 2, 3, 9], [60, 1, 2, 3, 9], [300, 4, 5, 6, 9]];
  const [at, , middle] = columnsOf([{ metric: "rtt", series: { step: 60, points } }]);
  assert.deepEqual(at, [0, 60, 120, 300]);
  assert.deepEqual(middle, [2, 2, null, 5]);
  const rare = columnsOf([{ metric: "down", series: { step: 60, points } }]);
  assert.deepEqual(rare[0], [0, 60, 300]);
});

test("zoom stays within what has been and above ten minutes", () => {
  const span = { from: 10000, to: 20000 };
  assert.deepEqual(zoomed(span, 0.5, 99999), { from: 12500, to: 17500 });
  assert.equal(zoomed(span, 4, 21000).to, 21000);
  assert.equal(zoomed({ from: 0, to: 600 }, 0.5, 9999).to, 600);
  assert.deepEqual(shifted(span, 0.5, 21000), { from: 11000, to: 21000 });
});

test("what nobody takes care of comes first, the largest on top", () => {
  const rows = [
    incident({ id: "taken", links: 90, lasting: 90, acknowledged: { by: "a", at: "" } }),
    incident({ id: "silent", links: 50, lasting: 50, silent: 50 }),
    incident({ id: "small" }),
    incident({ id: "large", links: 9, lasting: 9 }),
  ];
  assert.deepEqual(inOrder(rows).map((row) => row.id), ["large", "small", "silent", "taken"]);
});

const standing = (key, more = {}) => ({
  key, name: key, period: "2026-02", links: 1, a_low: 99, a_high: 99.5, links_missed: 0,
  speed_met: 0, speed_missed: 0, speed_undecided: 0, down_share: null, restitution_low: 0,
  restitution_high: 0, ...more,
});

test("groups are sorted by any figure, and what has none comes last", () => {
  const groups = groupsOf([
    standing("b", { a_low: 97 }), standing("a"), standing("c", { a_low: null }),
    standing("c", { period: "2026-01" }),
  ], "2026-02");
  const keys = (by, down) => sorted(groups, { by, down }).map((group) => group.key).join("");
  assert.equal(groups.find((group) => group.key === "c").months.length, 2);
  assert.equal(keys("name", false), "abc");
  assert.equal(keys("name", true), "cba");
  assert.equal(keys("low", false), "bac");
  assert.equal(keys("low", true), "abc");
});

test("all bounds lie on the scale", () => {
  assert.equal(scaleLow([standing("a", { a_low: 99.95 })]), 99);
  assert.equal(scaleLow([standing("a", { a_low: 93 }), standing("b")]), 90);
  assert.equal(scaleLow([standing("a", { a_low: 3 })]), 0);
  assert.equal(scaleLow([standing("a", { a_low: null })]), 99);
  for (const low of [99, 95, 90, 80, 50, 0]) {
    assert.equal(placeOf(low, low), 0);
    assert.equal(placeOf(100, low), 1);
    assert.equal(placeOf(low - 1, low), 0);
  }
});
