// SPDX-License-Identifier: Apache-2.0
// Keeps the board up to date: loads it once, then applies events. A connection that is lost comes
// back by itself, and takes up where it left off.

import { fetchBoard, fetchHealth, fetchSla } from "./api";
import type { Change, Figures, Health, Link, SlaRow } from "./api";
import { monthOf } from "./format";

export type Connection = "starting" | "live" | "lost";

export interface Snapshot {
  connection: Connection;
  lostSince: number | null; // ms
  heardAt: number | null; // ms; the last time the server said anything
  links: Link[];
  changed: Map<number, number>; // link -> ms of its last change seen here
  sla: Map<number, SlaRow>;
  month: string;
  health: Health | null;
}

const quietMs = 40000; // the server speaks every 15 s: two missed beats and some
const retryFirstMs = 1000;
const retryMostMs = 30000;
const healthEveryMs = 30000;
const slaEveryMs = 60000; // few links
const slaManyEveryMs = 300000; // a province: each question costs the server some work
const manyLinks = 200;
const paintEveryMs = 250; // events come in bursts

export class Live {
  private links = new Map<number, Link>();
  private order: number[] = [];
  private changed = new Map<number, number>();
  private sla = new Map<number, SlaRow>();
  private health: Health | null = null;
  private connection: Connection = "starting";
  private lostSince: number | null = null;
  private heardAt: number | null = null;
  private lastEvent = 0;
  private source: EventSource | null = null;
  private retryMs = retryFirstMs;
  private retryTimer = 0;
  private paintTimer = 0;
  private slaAt = 0;

  constructor(private readonly paint: (snapshot: Snapshot) => void) {}

  start(): void {
    void this.load();
    void this.askHealth();
    setInterval(() => this.watch(), 5000);
    setInterval(() => void this.askHealth(), healthEveryMs);
    window.addEventListener("online", () => this.reconnectNow());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.watch();
    });
  }

  reconnectNow(): void {
    this.retryMs = retryFirstMs;
    this.close();
    if (this.connection === "starting" || this.links.size === 0) void this.load();
    else this.open();
  }

  private async load(): Promise<void> {
    this.close();
    try {
      const board = await fetchBoard();
      this.links = new Map(board.rows.map((row) => [row.link, row]));
      this.order = board.rows.map((row) => row.link);
      this.lastEvent = board.event;
      this.open();
      void this.askSla();
    } catch {
      this.fail();
    }
    this.repaint();
  }

  private open(): void {
    this.close();
    const source = new EventSource(`/api/v1/events?after=${this.lastEvent}`);
    this.source = source;
    source.onopen = () => this.hear();
    source.onerror = () => this.fail();
    source.addEventListener("state", (event) => this.onState(event as MessageEvent));
    source.addEventListener("slots", (event) => this.onSlots(event as MessageEvent));
    source.addEventListener("beat", () => this.hear());
    source.addEventListener("hello", () => this.hear());
    source.addEventListener("reset", () => void this.load());
  }

  private close(): void {
    clearTimeout(this.retryTimer);
    this.source?.close();
    this.source = null;
  }

  private hear(event?: MessageEvent): void {
    const id = Number(event?.lastEventId);
    if (id > this.lastEvent) this.lastEvent = id;
    this.connection = "live";
    this.lostSince = null;
    this.heardAt = Date.now();
    this.retryMs = retryFirstMs;
    this.repaint();
  }

  /** The wait doubles, and is drawn by lot so that a hundred pages do not come back as one. */
  private fail(): void {
    this.close();
    this.connection = this.links.size > 0 ? "lost" : "starting";
    this.lostSince ??= Date.now();
    const wait = this.retryMs * (0.5 + Math.random() / 2);
    this.retryMs = Math.min(this.retryMs * 2, retryMostMs);
    this.retryTimer = window.setTimeout(() => {
      if (this.links.size > 0) this.open();
      else void this.load();
    }, wait);
    this.repaint();
  }

  /** A laptop that slept has a connection that looks alive and is not. */
  private watch(): void {
    if (this.source && this.heardAt !== null && Date.now() - this.heardAt > quietMs) {
      this.heardAt = Date.now();
      this.fail();
    }
    if (this.connection !== "live") return;
    const every = this.links.size > manyLinks ? slaManyEveryMs : slaEveryMs;
    const wanted = this.links.size > 0 && document.visibilityState === "visible";
    if (wanted && Date.now() - this.slaAt > every) void this.askSla();
  }

  private onState(event: MessageEvent): void {
    const change = JSON.parse(event.data as string) as Change;
    const link = this.links.get(change.link);
    if (link) {
      if (link.state !== change.state) this.changed.set(link.link, Date.now());
      this.links.set(link.link, { ...link, ...change });
    } else {
      void this.load(); // a link that is newer than this page
      return;
    }
    this.hear(event);
  }

  private onSlots(event: MessageEvent): void {
    const { links } = JSON.parse(event.data as string) as { links: Figures[] };
    for (const figures of links) {
      const link = this.links.get(figures.link);
      if (link) this.links.set(link.link, { ...link, ...figures });
    }
    this.hear(event);
  }

  private async askSla(): Promise<void> {
    this.slaAt = Date.now();
    try {
      const sla = new Map<number, SlaRow>();
      for (const row of await fetchSla(monthOf(Date.now()))) {
        const old = row.link === null ? undefined : sla.get(row.link);
        if (row.link === null) continue;
        // A link whose contract changed has two rows: the present one counts.
        if (!old || (old.segment_end ?? "") <= (row.segment_end ?? ""))
          sla.set(row.link, row);
      }
      this.sla = sla;
    } catch {
      // The figures of the month stay as they were; the board says what is wrong.
    }
    this.repaint();
  }

  private async askHealth(): Promise<void> {
    try {
      this.health = await fetchHealth();
    } catch {
      this.health = null; // the lost connection is shown already
    }
    this.repaint();
  }

  private repaint(): void {
    if (this.paintTimer) return;
    this.paintTimer = window.setTimeout(() => {
      this.paintTimer = 0;
      this.paint(this.snapshot());
    }, paintEveryMs);
  }

  private snapshot(): Snapshot {
    const links: Link[] = [];
    for (const id of this.order) {
      const link = this.links.get(id);
      if (link) links.push(link);
    }
    return {
      connection: this.connection,
      lostSince: this.lostSince,
      heardAt: this.heardAt,
      links,
      changed: this.changed,
      sla: this.sla,
      month: monthOf(Date.now()),
      health: this.health,
    };
  }
}
