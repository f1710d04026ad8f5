// SPDX-License-Identifier: Apache-2.0
// How long the wall takes to draw at the size of the country, while links change and it is
// scrolled: bench.mjs FILES [LINKS]. FILES: the page as it was built. Prints one line of JSON; exit
// 1 when it stutters. `cpuMs` is processor time of the page's main thread, and so the same on a busy
// machine: of a frame that is scrolled, and of the changes of a
// quarter of a second, which are painted at once.
import { invent, serve } from "./invented.mjs";
import { openBrowser } from "./browser.mjs";

const [files, count = "83762"] = process.argv.slice(2);
const budgetMs = 16;
const seconds = 3;
const changes = 25; // of a state, every 250 ms, and as many reports; then the page is painted

const site = await serve(files, { links: invent(Number(count), Date.now()), changes });
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
const began = Date.now();
await page.goto(`http://127.0.0.1:${site.port}/dinding`);
await page.waitForSelector("canvas");
const loadedMs = Date.now() - began;
await page.waitForTimeout(1000);

const client = await page.context().newCDPSession(page);
await client.send("Performance.enable", { timeDomain: "threadTicks" });

async function cpuMs() {
  const { metrics } = await client.send("Performance.getMetrics");
  return 1000 * metrics.find((one) => one.name === "TaskDuration").value;
}

/** Scrolls the wall by each frame; how long each waited, and how long the wall drew. */
function scroll() {
  return page.evaluate((duration) => new Promise((resolve) => {
    const frame = document.querySelector(".wall-frame");
    const waits = [];
    const ends = performance.now() + duration;
    const drawn = performance.getEntriesByName("wall-draw").length;
    let last = performance.now();
    let down = true;
    const step = (now) => {
      waits.push(now - last);
      last = now;
      if (frame.scrollTop <= 0) down = true;
      if (frame.scrollTop >= frame.scrollHeight - frame.clientHeight - 1) down = false;
      frame.scrollTop += down ? 60 : -60;
      if (now < ends) requestAnimationFrame(step);
      else
        resolve({ waits, draws: performance.getEntriesByName("wall-draw").slice(drawn)
          .map((one) => one.duration) });
    };
    requestAnimationFrame(step);
  }), seconds * 1000);
}

const before = await cpuMs();
await page.waitForTimeout(seconds * 1000);
const between = await cpuMs();
const moving = await scroll();
const after = await cpuMs();
await browser.close();
site.close();

function share(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(2));
}
const update = (between - before) / (4 * seconds);
const frame = (after - between - 4 * seconds * update) / moving.waits.length;
const result = { links: Number(count), loadedMs,
  cpuMs: { frame: Number(frame.toFixed(2)), update: Number(update.toFixed(2)) },
  frames: moving.waits.length,
  waitMs: { median: share(moving.waits, 0.5), p95: share(moving.waits, 0.95) },
  drawMs: { median: share(moving.draws, 0.5), p95: share(moving.draws, 0.95) } };
console.log(JSON.stringify(result));
process.exit(frame < budgetMs && update < budgetMs ? 0 : 1);
