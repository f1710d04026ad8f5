// SPDX-License-Identifier: Apache-2.0
// What the page decides without a browser: how numbers and times read, what is shown and where.
import assert from "node:assert/strict";
import { test } from "node:test";

import { readdirSync } from "node:fs";

import { anything, choiceOf, choose, queryOf, troubles } from "./choice.mjs";
import { cluster } from "./clusters.mjs";
import { causeWords, sentence } from "./describe.mjs";
import * as format from "./format.mjs";
import { groupLinks } from "./groups.mjs";
import { hit, levels, levelThatFits, nextBox, planOf, vertical } from "./layout.mjs";
import { match } from "./router.mjs";
import { countShown, coverageOf, shownOf } from "./shown.mjs";
import { LinkStore } from "./store.mjs";
import { words } from "./words.mjs";

const now = Date.parse("2026-01-31T16:05:00Z"); // 00.05 on 1 February in WITA

function link(id, more = {}) {
  return {
    link: id, desa: `64.08.05.${2000 + id}`, desa_name: `Desa ${id}`, kecamatan: "64.08.05",
    kecamatan_name: "Muara Wis", kabupaten: "64.08", kabupaten_name: "KUTAI TIMUR",
    provider: "Penyedia A", kind: "fibre", zone: "WITA", state: "up", since: null, cause: null,
    last_report: null, rtt_us: null, loss_ppm: null, dns: null, desa_state: "up", lat: null, lon: null,
    day: null, limits: { rtt_us: 800000, loss_ppm: 50000, pdv_us: 100000 }, pdv_us: null, slow: null,
    ...more,
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
  assert.equal(countShown(links).down, 1);
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

test("slow links and power cuts have words of their own", () => {
  assert.equal(shownOf(link(1, { rtt_us: 800000, loss_ppm: 50000 })), "up");
  assert.equal(shownOf(link(1, { loss_ppm: 50001 })), "degraded");
  assert.equal(shownOf(link(1, { rtt_us: 9, limits: { rtt_us: 8, loss_ppm: 0 } })), "degraded");
  assert.equal(shownOf(link(1, { pdv_us: 100000 })), "up");
  assert.equal(shownOf(link(1, { pdv_us: 100001 })), "degraded");
  assert.equal(shownOf(link(1, { pdv_us: 100001, state: "down" })), "down");
  const slow = { down_kbps: 9000, up_kbps: null, least_down_kbps: 16000, least_up_kbps: 4000 };
  assert.equal(shownOf(link(1, { slow })), "degraded");
  assert.equal(shownOf(link(1, { dns: "10.0.0.1 timeout" })), "degraded");
  assert.equal(shownOf(link(1, { state: "down", loss_ppm: 900000 })), "down");
  assert.equal(shownOf(link(1, { state: "unknown", cause: "power" })), "power");
  assert.equal(shownOf(link(1, { state: "unknown", cause: "edge" })), "unknown");
  assert.match(causeWords(link(1, { rtt_us: 900000, loss_ppm: 60000 }), words.id), /tanggap.*paket/);
  assert.match(
    sentence(link(1, { state: "down", cause: "provider" }), now, words.id),
    /^Desa 1, Muara Wis, Kutai Timur: Putus\. Gangguan/,
  );
});

test("coverage is of what counts", () => {
  const day = (u, d, n, e) => link(1, { day: { u, d, n, e } });
  assert.equal(coverageOf([day(50, 25, 25, 0), day(0, 0, 0, 100)]), 75);
  assert.equal(coverageOf([day(0, 0, 0, 100)]), null);
  assert.equal(coverageOf([link(1)]), null);
});

test("the newest trouble stands first, and silence is among it", () => {
  const links = [
    link(1, { state: "down", since: "2026-01-31T10:00:00Z" }),
    link(2, { state: "silent", since: "2026-01-31T11:00:00Z" }),
    link(3),
    link(4, { state: "never" }),
  ];
  const numbers = (most) => troubles(links, most, anything).newest.map((l) => l.link);
  assert.deepEqual(numbers(9), [2, 1]);
  assert.deepEqual(numbers(1), [2]);
  assert.equal(troubles(links, 1, anything).count, 2);
  assert.equal(troubles(links, 9, { ...anything, provider: "another" }).count, 0);
  assert.deepEqual(troubles([...links].reverse(), 2, anything).newest.map((l) => l.link), [2, 1]);
});

test("what is chosen is in the address", () => {
  const choice = { ...anything, state: "down", kabupaten: "64.08", text: " a b " };
  const query = new URLSearchParams(Object.entries(queryOf(choice)).filter(([, v]) => v));
  assert.deepEqual(choiceOf(query), { ...choice, text: "a b" });
  assert.equal(choiceOf(new URLSearchParams("keadaan=<script>")).state, null);
});

test("an address leads to a view", () => {
  assert.deepEqual(match("/sambungan/:id", "/sambungan/7"), { id: "7" });
  assert.deepEqual(match("/penyedia/:name", "/penyedia/A%20B"), { name: "A B" });
  assert.equal(match("/sambungan/:id", "/sambungan/"), null);
  assert.equal(match("/dinding", "/dinding/x"), null);
  assert.deepEqual(match("/penyedia/:name", "/penyedia/%"), { name: "%" });
});

test("an event replaces the row of its link, and only a change of state is news", () => {
  const store = new LinkStore();
  const rows = [link(1), link(2)];
  store.load(rows);
  const [first] = store.links;
  assert.ok(store.apply({ link: 1, rtt_us: 5 }));
  assert.notEqual(store.links[0], first);
  assert.deepEqual(store.takeNews(), []);
  store.apply({ link: 2, state: "down", cause: "access" });
  assert.deepEqual(store.takeNews().map((news) => [news.link.link, news.was]), [[2, "up"]]);
  assert.deepEqual(store.takeNews(), []);
  assert.equal(store.apply({ link: 3, state: "up" }), false);
  store.load([link(1), link(2)]); // a load anew tells what changed meanwhile
  assert.deepEqual(store.takeNews().map((news) => news.was), ["down"]);
});

// ---- the wall

function province(count) {
  return Array.from({ length: count }, (_, index) => {
    const kabupaten = `64.${String(1 + Math.floor(index / 104)).padStart(2, "0")}`;
    const kecamatan = `${kabupaten}.${String(1 + Math.floor((index % 104) / 10)).padStart(2, "0")}`;
    return link(index + 1, { kabupaten, kecamatan, desa: `${kecamatan}.${2000 + index}` });
  });
}

test("the wall keeps the order of the codes, by kabupaten and kecamatan", () => {
  const { order, groups } = groupLinks(province(250), () => true);
  assert.deepEqual([...order], Array.from({ length: 250 }, (_, index) => index));
  assert.deepEqual(groups.map((group) => group.code), ["64.01", "64.02", "64.03"]);
  assert.equal(groups[0].boxes.length, 11);
  const narrowed = groupLinks(province(250), (one) => one.kabupaten === "64.03");
  assert.equal(narrowed.order.length, 42);
});

test("1,038 tiles fit on one screen, and none covers another", () => {
  const { groups } = groupLinks(province(1038), () => true);
  const level = levelThatFits(groups, 1540, 830);
  const plan = planOf(groups, 1540, 830, level);
  assert.ok(plan.height <= 830, `${plan.height}`);
  assert.ok(plan.size.width >= 18, `tiles of ${plan.size.width}`);
  const places = new Set();
  for (let at = 0; at < 1038; at++) {
    places.add(`${plan.x[at]} ${plan.y[at]}`);
    assert.ok(plan.x[at] >= 0 && plan.x[at] + plan.size.width <= 1540);
    assert.equal(hit(plan, plan.x[at] + 1, plan.y[at] + 1), at);
  }
  assert.equal(places.size, 1038);
});

test("a screen that is too small is scrolled, and a few links have words in their tiles", () => {
  const country = groupLinks(province(20000), () => true);
  const level = levelThatFits(country.groups, 1540, 830);
  assert.equal(level, levels.length - 1);
  assert.ok(planOf(country.groups, 1540, 830, level).height > 830);
  const few = groupLinks(province(5), () => true);
  assert.equal(levelThatFits(few.groups, 1540, 830), 0);
  const phone = planOf(country.groups, 360, 600, levelThatFits(country.groups, 360, 600));
  assert.ok(phone.size.width >= 24); // a finger finds it
});

test("keys move over the tiles", () => {
  const { groups } = groupLinks(province(1038), () => true);
  const plan = planOf(groups, 1540, 830, levelThatFits(groups, 1540, 830));
  const below = vertical(plan, 0, 1);
  assert.ok(plan.y[below] > plan.y[0] && plan.x[below] === plan.x[0]);
  assert.equal(vertical(plan, below, -1), 0);
  assert.equal(vertical(plan, 0, -1), 0);
  assert.equal(nextBox(plan, 0, 1), 10);
  assert.equal(nextBox(plan, 10, -1), 0);
  assert.equal(nextBox(plan, 13, -1), 10);
});

test("links that would cover each other are one mark with the worst state", () => {
  const spot = (id, x, state) => ({ link: link(id, { state }), x, y: 10 });
  const marks = cluster([spot(1, 10, "up"), spot(2, 12, "down"), spot(3, 200, "up")], 42);
  assert.deepEqual(marks.map((mark) => [mark.shown, mark.links.length]), [["down", 2], ["up", 1]]);
});

test("both languages have a word for everything", async () => {
  const keys = (object, at = "") => Object.entries(object).flatMap(([key, value]) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? keys(value, `${at}${key}.`)
      : [`${at}${key}`]);
  const files = readdirSync(new URL(".", import.meta.url)).filter((f) => f.startsWith("words"));
  assert.ok(files.length >= 5);
  for (const file of files) {
    const { words: both } = await import(`./${file}`);
    assert.deepEqual(keys(both.id), keys(both.en), file);
  }
});
