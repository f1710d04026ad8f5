// SPDX-License-Identifier: Apache-2.0
// An invented province behind the page's own files, so that what is drawn can be measured at sizes
// that no test could fill by reports: serve(FILES, {links, changes}) answers what the wall asks.
import { createServer } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css",
  ".svg": "image/svg+xml" };
const providers = ["Telkom Akses", "Nusantara Lintas", "Borneo Net", "Starlink", "Sinyal Desa",
  "Mahakam Data", "Satelit Rimba"];
const names = ["Melintang", "Enggelam", "Muara Enggelam", "Sebemban", "Lebak Cilong", "Long Apari",
  "Tanjung Batuq", "Kahala", "Sedulang", "Kembang Janggut", "Genting Tanah", "Loleng", "Hambau"];
const kabupatenNames = ["Paser", "Kutai Kartanegara", "Berau", "Kutai Barat", "Kutai Timur",
  "Penajam Paser Utara", "Mahakam Ulu", "Kota Balikpapan", "Kota Samarinda", "Kota Bontang"];
const states = ["up", "up", "up", "up", "up", "up", "up", "up", "up", "up", "up", "up", "up", "up",
  "up", "up", "down", "unknown", "silent", "up", "up", "excluded", "never", "up"];
const causes = { down: ["provider", "access", "local", "cpe"], unknown: ["power", "edge", "restart"],
  excluded: ["maintenance"] };

function random(seed) { // the same province every time
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function invent(count, nowMs) {
  const draw = random(7);
  const pick = (list) => list[Math.floor(draw() * list.length)];
  const links = [];
  const perKabupaten = Math.max(10, Math.round(count / Math.max(10, Math.min(514, count / 104))));
  for (let id = 1; id <= count; id++) {
    const kabupaten = Math.floor((id - 1) / perKabupaten);
    const kecamatan = Math.floor(((id - 1) % perKabupaten) / 10);
    const state = pick(states);
    const quiet = state === "silent" || state === "never";
    const code = `64.${String(kabupaten + 1).padStart(2, "0")}`;
    const down = state === "down" ? Math.floor(draw() * 20000) : 0;
    links.push({
      link: id, desa: `${code}.${String(kecamatan + 1).padStart(2, "0")}.${2000 + (id % 100)}`,
      desa_name: `${pick(names)} ${id % 97}`, kecamatan: `${code}.${kecamatan + 1}`,
      kecamatan_name: `${pick(names)}`, kabupaten: code,
      kabupaten_name: kabupatenNames[kabupaten] ?? `Kabupaten ${kabupaten + 1}`,
      provider: pick(providers), kind: pick(["fibre", "4g", "starlink", "vsat"]), zone: "WITA",
      lat: -1.5 + (kabupaten % 10) * 0.35 + draw() * 0.6, lon: 115 + draw() * 3, state,
      since: state === "never" ? null
        : new Date(nowMs - Math.floor(draw() * 40 * 3600e3)).toISOString().slice(0, 19) + "Z",
      cause: causes[state] ? pick(causes[state]) : null, dns: null,
      last_report: state === "never" ? null : new Date(nowMs - 20000).toISOString(),
      rtt_us: quiet ? null : 20000 + Math.floor(draw() * 60000),
      loss_ppm: quiet ? null : state === "up" && draw() < 0.03 ? 90000 : 0, limits: null,
      pdv_us: null, slow: null,
      day: { u: 80000 - down, d: down, n: 6400, e: 0 }, desa_state: state,
    });
  }
  return links;
}

const session = { user: "penjaga", role: "noc", kabupaten: null, provider: null, csrf: "x",
  banner: null, timezone: "Asia/Makassar", zone: "WITA", province: "Kalimantan Timur",
  tiles: null, boundaries: false, version: "0" };

function answerJson(response, value) {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

function page(links, url) {
  const limit = Number(url.searchParams.get("limit") ?? 2000);
  const offset = Number(url.searchParams.get("offset") ?? 0);
  return { as_of: "", event: 1, total: links.length, limits: { rtt_us: 800000, loss_ppm: 50000, pdv_us: 100000 },
    rows: links.slice(offset, offset + limit) };
}

/** `changes`: how many links change every 250 ms, as many again report. */
function stream(response, links, changes) {
  const draw = random(11);
  let id = 1;
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write("event: hello\ndata: {}\n\n");
  const timer = setInterval(() => {
    const touched = [];
    for (let i = 0; i < changes; i++) {
      const link = links[Math.floor(draw() * links.length)];
      const down = link.state !== "down";
      Object.assign(link, { state: down ? "down" : "up", cause: down ? "provider" : null,
        since: new Date().toISOString().slice(0, 19) + "Z" });
      response.write(`event: state\ndata: ${JSON.stringify(link)}\n\n`);
      touched.push({ link: links[Math.floor(draw() * links.length)].link, rtt_us: 30000,
        loss_ppm: 0, last_report: new Date().toISOString() });
    }
    if (changes)
      response.write(`event: slots\nid: ${++id}\ndata: ${JSON.stringify({ links: touched })}\n\n`);
  }, 250);
  response.on("close", () => clearInterval(timer));
}

export function serve(files, { links, changes, more = {} }) {
  const content = new Map(readdirSync(files).map((name) =>
    [`/${name}`, [types[extname(name)], readFileSync(join(files, name))]]));
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const path = url.pathname;
    if (path === "/api/v1/session") return answerJson(response, { ...session, ...more });
    if (path === "/api/v1/desa") return answerJson(response, page(links, url));
    if (path === "/api/v1/events") return stream(response, links, changes);
    if (path === "/api/v1/sla") return answerJson(response, { rows: [] });
    if (path === "/healthz") return answerJson(response, { status: "ok", parts: [] });
    const [type, body] = content.get(path) ?? content.get("/index.html");
    response.writeHead(200, { "Content-Type": type });
    return response.end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ port: server.address().port,
      close: () => { server.closeAllConnections(); server.close(); } }));
  });
}
