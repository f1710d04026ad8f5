// SPDX-License-Identifier: Apache-2.0
// How long the wall takes to draw at the size of the country, while links change and it is
// scrolled: bench.mjs FILES [LINKS]. FILES: the page as it was built. Prints one line of JSON; exit
// 1 when it stutters. `cpuMs` is processor time of the page's main thread: of a frame that is
// scrolled, and of the changes of a quarter of a second, which are painted at once. Neighbours
// and a slow processor make it longer, so `peer` was measured in the same browser: a bare canvas of
// the same size that draws as many plain squares as fit, in each frame.
import { invent, serve } from "./invented.mjs";
import { openBrowser } from "./browser.mjs";

const [files, count = "83762"] = process.argv.slice(2);
const budgetMs = 16;
const seconds = 3;
const squarePx = 12; // of the peer: about a tile of the wall and its gap
const changes = 25; // of a state, every 250 ms, and as many reports; then the page is painted

const site = await serve(files, { links: invent(Number(count), Date.now()), changes });
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
const began = Date.now();
await page.goto(`http://127.0.0.1:${site.port}/dinding`);
await page.waitForSelector("canvas");
const loadedMs = Date.now() - began;
await page.waitForTimeout(1000);

/** A clock of the processor time that this page's main thread has had, in milliseconds. */
async function processorClock(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return 1000 * metrics.find((one) => one.name === "TaskDuration").value;
  };
}

const cpuMs = await processorClock(page);

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

/** Processor time of a frame of the bare canvas. */
async function peerMs(size) {
  const bare = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const clock = await processorClock(bare);
  const began = await clock();
  const frames = await bare.evaluate(([width, height, side, duration]) => new Promise((resolve) => {
    const canvas = document.body.appendChild(document.createElement("canvas"));
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const ends = performance.now() + duration;
    let frames = 0;
    const step = (now) => {
      frames++;
      for (let y = 0; y < height; y += side)
        for (let x = 0; x < width; x += side) {
          context.fillStyle = (x + y + frames) % 3 ? "#2a7" : "#b43";
          context.fillRect(x, y, side - 1, side - 1);
        }
      if (now < ends) requestAnimationFrame(step);
      else resolve(frames);
    };
    requestAnimationFrame(step);
  }), [size.width, size.height, squarePx, seconds * 1000]);
  const took = (await clock()) - began;
  await bare.close();
  return took / frames;
}

const size = await page.evaluate(() => {
  const { width, height } = document.querySelector("canvas");
  return { width, height };
});
const peers = [await peerMs(size)];
await page.bringToFront();
const before = await cpuMs();
await page.waitForTimeout(seconds * 1000);
const between = await cpuMs();
const moving = await scroll();
const after = await cpuMs();
peers.push(await peerMs(size));
await browser.close();
site.close();

function share(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(2));
}
const update = (between - before) / (4 * seconds);
const frame = (after - between - 4 * seconds * update) / moving.waits.length;
const peer = (peers[0] + peers[1]) / 2;
const result = { links: Number(count), loadedMs,
  cpuMs: { frame: Number(frame.toFixed(2)), update: Number(update.toFixed(2)),
    peer: Number(peer.toFixed(2)), peers },
  frames: moving.waits.length,
  waitMs: { median: share(moving.waits, 0.5), p95: share(moving.waits, 0.95) },
  drawMs: { median: share(moving.draws, 0.5), p95: share(moving.draws, 0.95) } };
console.log(JSON.stringify(result));
process.exit(frame < budgetMs && update < budgetMs ? 0 : 1);
