// SPDX-License-Identifier: Apache-2.0
// A browser at the end of a pipe: reads one order a line, {"id", "do", ...}, and answers each by a
// line {"id", "value"} or {"id", "error"}. tests/support/page.py speaks to it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import { openBrowser } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await openBrowser();
const tabs = new Map();
let lastTab = 0;

/** What a page must never do: an error of its own, a question to another host, a dialog. */
function watch(page, faults) {
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("console", (message) => {
    const text = message.text();
    // a refused login and a server that is gone are said by the browser, too
    if (message.type() === "error" && !text.startsWith("Failed to load resource"))
      faults.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && hostname !== "127.0.0.1")
      faults.push(`asked ${request.url()}`);
  });
}

/** What the page was answered, to be compared with its description. Streams have no end. */
function record(page, answers) {
  page.on("response", async (response) => {
    const request = response.request();
    const headers = response.headers();
    const answer = { method: request.method(), url: response.url(), status: response.status(),
      headers, asked: request.postData(), body: null };
    if (new URL(answer.url).hostname !== "127.0.0.1") return;
    answers.push(answer);
    if (/^(text\/event-stream|text\/javascript|text\/css)/.test(headers["content-type"] ?? "")
      || [204, 304].includes(answer.status)) return;
    // null where the page went on before it was read, or it was saved as a file
    answer.body = await response.text().catch(() => null);
  });
}

const orders = {
  async open({ width = 1366, height = 900, scheme = "light", motion = "no-preference", script }) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme,
      reducedMotion: motion, acceptDownloads: true });
    const page = await context.newPage();
    const faults = [], answers = [];
    watch(page, faults);
    record(page, answers);
    if (script) await page.addInitScript(script);
    tabs.set(++lastTab, { context, page, faults, answers });
    return lastTab;
  },
  async close({ context }) { await context.close(); },
  faults({ faults }) { return faults; },
  answers({ answers }) { return answers.splice(0); },
  async go({ page }, { url }) { await page.goto(url); },
  async click({ page }, { what }) { await page.click(what, { timeout: 10000 }); },
  async fill({ page }, { what, text }) { await page.fill(what, text, { timeout: 10000 }); },
  async press({ page }, { key }) { await page.keyboard.press(key); },
  async type({ page }, { text }) { await page.keyboard.type(text); },
  async hover({ page }, { x, y }) { await page.mouse.move(x, y); },
  async select({ page }, { what, value }) { await page.selectOption(what, value); },
  async upload({ page }, { what, path }) { await page.setInputFiles(what, path); },
  async wait({ page }, { what, seconds = 10 }) {
    await page.waitForSelector(what, { timeout: seconds * 1000 });
  },
  async text({ page }, { what }) { return page.innerText(what, { timeout: 10000 }); },
  async count({ page }, { what }) { return page.locator(what).count(); },
  async run({ page }, { code }) { return page.evaluate(code); },
  async shot({ page }, { path }) { await page.screenshot({ path }); },
  async download({ page }, { what, path }) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.click(what)]);
    await file.saveAs(path);
    return file.suggestedFilename();
  },
  /** Faults of accessibility that are serious, with where they are. */
  async axe({ page }) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, {
      resultTypes: ["violations"],
    }));
    return violations.filter((fault) => ["serious", "critical"].includes(fault.impact))
      .map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.target).join(", ")}`);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, tab, do: name, ...rest } = JSON.parse(line);
  try {
    const order = orders[name];
    const value = await (tab ? order(tabs.get(tab), rest) : order(rest));
    console.log(JSON.stringify({ id, value: value ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ id, error: String(error.message ?? error).slice(0, 2000) }));
  }
}
await browser.close();
