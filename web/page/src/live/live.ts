// SPDX-License-Identifier: Apache-2.0
// Keeps the board up to date: loads it once, then applies events. A connection that is lost comes
// back by itself, and takes up where it left off.

import { AskError } from "../api/ask";
import { fetchBoard } from "../api/desa";
import type { Change, Figures, Link } from "../api/desa";
import { fetchHealth } from "../api/health";
import type { Health } from "../api/health";
import { noCounts } from "./shown";
import type { Shown } from "./shown";
import { LinkStore } from "./store";
import type { News } from "./store";

export type Connection = "starting" | "live" | "lost";

export interface Snapshot {
  connection: Connection;
  lostSince: number | null; // ms
  heardAt: number | null; // ms; the last time the server said anything
  links: Link[]; // one array for the life of a load; its rows are replaced, never changed
  loads: number; // how often the links were loaded as a whole
  days: number; // how often the links' last day came anew
  version: number; // grows with every change of a state
  counts: Record<Shown, number>;
  dirty: number[]; // indices of the rows that were replaced since the snapshot before
  changed: Map<number, number>; // link -> ms of its last change seen here
  news: News[]; // changes of state since the snapshot before
  health: Health | null;
}

export interface LiveOwner {
  paint: (snapshot: Snapshot) => void;
  narrowed: boolean; // the list has only some of the links
  loggedOut: () => void; // the server no longer knows who asks
}

const daysEveryMs = 300000;
const daysFirstMs = 20000; // a server that has just started has not counted them yet
const quietMs = 40000; // the server speaks every 15 s: two missed beats and some
const retryFirstMs = 1000;
const retryMostMs = 30000;
const healthEveryMs = 30000;
const reloadMs = 20000;
const paintEveryMs = 250; // events come in bursts

export class Live {
  private readonly store = new LinkStore();
  private health: Health | null = null;
  private connection: Connection = "starting";
  private lostSince: number | null = null;
  private heardAt: number | null = null;
  private lastEvent = 0;
  private loadedAt = 0;
  private daysAt = Date.now();
  private source: EventSource | null = null;
  private retryMs = retryFirstMs;
  private retryTimer = 0;
  private paintTimer = 0;
  private intervals: number[] = [];
  private readonly online = () => this.reconnectNow();
  private readonly seen = () => {
    if (document.visibilityState === "visible") this.watch();
  };

  constructor(private readonly owner: LiveOwner) {}

  start(): void {
    void this.load();
    void this.askHealth();
    this.intervals = [
      window.setInterval(() => this.watch(), 5000),
      window.setInterval(() => void this.askHealth(), healthEveryMs),
      window.setInterval(() => void this.askDays(), daysFirstMs),
    ];
    window.addEventListener("online", this.online);
    document.addEventListener("visibilitychange", this.seen);
  }

  stop(): void {
    this.close();
    this.intervals.forEach((timer) => clearInterval(timer));
    clearTimeout(this.paintTimer);
    window.removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.seen);
  }

  reconnectNow(): void {
    this.retryMs = retryFirstMs;
    this.close();
    if (this.connection === "starting" || this.store.links.length === 0) void this.load();
    else this.open();
  }

  private async load(): Promise<void> {
    this.close();
    this.loadedAt = Date.now();
    try {
      const board = await fetchBoard();
      this.store.load(board.rows);
      this.lastEvent = board.event;
      this.open();
    } catch (error) {
      if (error instanceof AskError && error.status === 401) this.owner.loggedOut();
      else this.fail();
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
    this.connection = this.store.links.length > 0 ? "lost" : "starting";
    this.lostSince ??= Date.now();
    const wait = this.retryMs * (0.5 + Math.random() / 2);
    this.retryMs = Math.min(this.retryMs * 2, retryMostMs);
    this.retryTimer = window.setTimeout(() => void this.comeBack(), wait);
    this.repaint();
  }

  /** A stream of events cannot say why it was refused. A question can: so a session that has ended
   * meanwhile is told from a server that is gone. */
  private async comeBack(): Promise<void> {
    if (this.store.links.length === 0) {
      void this.load();
      return;
    }
    try {
      const answer = await fetch("/api/v1/desa?limit=1", { cache: "no-store" });
      if (answer.status === 401) this.owner.loggedOut();
      else this.open();
    } catch {
      this.fail();
    }
  }

  /** A laptop that slept has a connection that looks alive and is not. */
  private watch(): void {
    if (this.source && this.heardAt !== null && Date.now() - this.heardAt > quietMs) {
      this.heardAt = Date.now();
      this.fail();
    }
  }

  private onState(event: MessageEvent): void {
    const change = JSON.parse(event.data as string) as Change;
    if (!this.store.apply(change) && this.mayBeNew()) void this.load();
    else this.hear(event);
  }

  /** A link that is newer than this page; who sees a part of them hears of others too. */
  private mayBeNew(): boolean {
    if (this.owner.narrowed || Date.now() - this.loadedAt < reloadMs) return false;
    return true;
  }

  private onSlots(event: MessageEvent): void {
    const { links } = JSON.parse(event.data as string) as { links: Figures[] };
    for (const figures of links) this.store.apply(figures);
    this.hear(event);
  }

  private async askHealth(): Promise<void> {
    try {
      this.health = await fetchHealth();
    } catch {
      this.health = null; // the lost connection is shown already
    }
    this.repaint();
  }

  private async askDays(): Promise<void> {
    const counted = this.store.links.some((link) => link.day);
    const due = Date.now() - this.daysAt > (counted ? daysEveryMs : daysFirstMs - 1000);
    if (!due || this.connection !== "live" || document.visibilityState !== "visible") return;
    this.daysAt = Date.now();
    try {
      const board = await fetchBoard();
      if (!this.store.mergeDays(board.rows)) void this.load();
    } catch {
      return; // the connection says so itself
    }
    this.repaint();
  }

  private repaint(): void {
    if (this.paintTimer) return;
    this.paintTimer = window.setTimeout(() => {
      this.paintTimer = 0;
      this.owner.paint(this.snapshot());
    }, paintEveryMs);
  }

  private snapshot(): Snapshot {
    return {
      connection: this.connection,
      lostSince: this.lostSince,
      heardAt: this.heardAt,
      links: this.store.links,
      loads: this.store.loads,
      days: this.store.days,
      version: this.store.version,
      counts: this.store.countsNow(),
      dirty: this.store.takeDirty(),
      changed: this.store.changed,
      news: this.store.takeNews(),
      health: this.health,
    };
  }
}

export const nothingYet: Snapshot = {
  connection: "starting",
  lostSince: null,
  heardAt: null,
  links: [],
  loads: 0,
  days: 0,
  version: 0,
  counts: noCounts(),
  dirty: [],
  changed: new Map(),
  news: [],
  health: null,
};
