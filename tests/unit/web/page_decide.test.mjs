// SPDX-License-Identifier: Apache-2.0
// Which decisions fit an item, and whose they are; what became of each of many.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { actionsFor, actionsForAll, decideAll, samePerson } from "./actions.mjs";
import { refusal, words as refusals } from "./refusals.mjs";

const officer = { role: "officer", user: "sari" };
const noc = { role: "noc", user: "jaga" };
const power = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z", cause: "power" };

function item(kind, more) {
  return { item: `${kind}-1-2`, kind, link: 1, from: power.from, to: power.to, number: 7,
    by: null, spans: [], dismissal: null, ...more };
}

test("who proposed an exclusion may not confirm it, however the name is written", () => {
  assert.deepEqual(actionsFor(item("exclusion", { by: "budi" }), officer),
    ["confirm", "reject", "dismiss"]);
  assert.deepEqual(actionsFor(item("exclusion", { by: " SARI" }), officer), ["reject"]);
  assert.deepEqual(actionsFor(item("exclusion", { by: "budi" }), noc), []);
  assert.deepEqual(actionsFor(item("exclusion", { by: "jaga" }), noc), ["reject"]);
  assert.ok(samePerson("budi  SANTOSO", "Budi Santoso") && !samePerson("budi", "budiman"));
});

test("the desk proposes, and officers decide", () => {
  assert.deepEqual(actionsFor(item("power-gap"), noc), ["power", "exclude"]);
  assert.deepEqual(actionsFor(item("power-gap"), officer), ["dismiss", "power", "exclude"]);
  assert.deepEqual(actionsFor(item("objection"), noc), []);
  assert.deepEqual(actionsFor(item("objection"), officer), ["accept", "refuse"]);
  assert.deepEqual(actionsFor(item("undetermined", { spans: [power] }), noc), ["power"]);
  assert.deepEqual(actionsFor(item("undetermined"), noc), []);
  assert.deepEqual(actionsFor(item("outage", { to: null }), officer), ["dismiss"]);
  assert.deepEqual(actionsFor(item("dispute", { dismissal: 3 }), officer), []);
});

test("of many only what fits each of them is offered", () => {
  const all = [item("power-gap"), item("undetermined", { spans: [power] }), item("dispute")];
  assert.deepEqual(actionsForAll(all.slice(0, 2), officer), ["dismiss", "power"]);
  assert.deepEqual(actionsForAll(all, officer), ["dismiss"]);
  assert.deepEqual(actionsForAll([...all, item("objection")], officer), []);
  assert.deepEqual(actionsForAll([], officer), []);
});

/** The server's answers in turn; what was asked of it. */
function serverThat(answers) {
  const asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push([path, JSON.parse(options.body)]);
    const { status, body } = answers[asked.length - 1];
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };
  return asked;
}

test("one refusal does not stop the others, and each is told", async () => {
  const asked = serverThat([{ status: 204 }, { status: 409, body: { error: "was answered", code: "already" } },
    { status: 204 }, { status: 204 }]);
  const many = [1, 2, 3, 4].map((n) => item("objection", { item: `objection-${n}`, number: n }));
  const word = { note: "ya", reason: "", document: "" };
  const told = await decideAll("accept", many, word, "2026-01");
  assert.deepEqual(told.map((one) => one.problem?.status), [undefined, 409, undefined, undefined]);
  assert.equal(told[1].problem.code, "already");
  assert.equal(told[1].problem.message, "was answered");
  assert.deepEqual(asked.map(([path]) => path),
    [1, 2, 3, 4].map((n) => `/api/v1/objections/${n}/answer`));
  assert.deepEqual(asked[0][1], { accept: true, note: "ya" });
});

test("dismissals go together, and what is not answered did not succeed", async () => {
  const results = [{ item: "outage-1-2", status: 204, error: null, code: null }];
  const asked = serverThat([{ status: 200, body: { results } }]);
  const many = [item("outage"), item("dispute")];
  const told = await decideAll("dismiss", many, { note: "lihat" }, "2026-01");
  assert.deepEqual(told.map((one) => one.problem?.code), [undefined, "busy"]);
  assert.deepEqual(asked[0][1], { month: "2026-01", items: ["outage-1-2", "dispute-1-2"],
    note: "lihat", each: true });
});

test("each power cut of undetermined time becomes an exclusion of its own", async () => {
  const asked = serverThat([{ status: 201, body: {} }, { status: 201, body: {} }]);
  const spans = [power, { ...power, cause: "silent" }, { ...power, from: "2026-01-02T00:00:00Z" }];
  const told = await decideAll("power", [item("undetermined", { spans })], { note: "PLN" }, "x");
  assert.equal(told[0].problem, null);
  assert.deepEqual(asked.map(([, body]) => [body.link, body.reason, body.from]),
    [[1, "power", power.from], [1, "power", "2026-01-02T00:00:00Z"]]);
});

test("a person is told each refusal in their own words, and a programmer's in the server's", () => {
  const described = JSON.parse(readFileSync(new URL("common.json", import.meta.url), "utf8"));
  const forPrograms = ["method", "type"]; // no button of the page can cause them
  for (const w of Object.values(refusals)) {
    for (const code of described.components.schemas.ErrorCode.enum) {
      const { text, detail } = refusal(code, null, "words of the server", w);
      assert.equal(text === w.unknown, forPrograms.includes(code), code);
      if (forPrograms.includes(code)) assert.equal(detail, "words of the server");
    }
    assert.deepEqual(refusal("same-person", null, "x", w),
      { text: w.codes["same-person"], detail: "" });
    assert.match(refusal("missing", "note", "x", w).text, new RegExp(w.fields.note));
    assert.equal(refusal("missing", "agent", "x", w).text, w.codes.missing);
    assert.equal(refusal("of tomorrow", null, "new words", w).detail, "new words");
  }
});
