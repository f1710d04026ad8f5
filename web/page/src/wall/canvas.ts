// SPDX-License-Identifier: Apache-2.0
/*
 * The wall on a canvas. The canvas is as large as the window and sticks to it, in a frame as high
 * as the plan: scrolling moves the frame, and what is in the window is drawn. A change draws one
 * tile.
 *   plan, links --> codes (a byte a tile) --> what differs from what was drawn --> Painter
 */

import type { Link } from "../api/desa";
import { shownOf, shownOrder } from "../live/shown";
import type { Shown } from "../live/shown";
import { hit, nextBox, vertical } from "./layout";
import type { Plan } from "./layout";
import { emptyCounts, Painter } from "./painter";
import type { Scene, Tile } from "./painter";
import { readInk } from "./sprites";

const freshMs = 60000; // how long a change stays marked
const ratioMost = 2; // finer is not seen, and costs memory
const measuresMost = 5000; // kept of the time that drawing took
const dimmedBit = 8;
const freshBit = 16;
const currentBit = 32;

const codeOfShown = Object.fromEntries(shownOrder.map((state, code) => [state, code])) as Record<
  Shown,
  number
>;

export interface Content {
  plan: Plan;
  order: Int32Array; // position -> index of the link
  links: Link[];
  changed: Map<number, number>;
  wanted: ((link: Link) => boolean) | null; // null: all
}

export interface CanvasOwner {
  words: (link: Link) => [string, string];
  note: (card: number) => string;
}

export class WallCanvas {
  private content: Content | null = null;
  private painter: Painter | null = null;
  private codes = new Uint8Array(0); // by position
  private cardOf = new Int32Array(0);
  private positionOf = new Int32Array(0); // index of the link -> position; -1 not on the wall
  private fresh = new Set<number>(); // positions that bear the mark of a change
  private counts: Record<Shown, number>[] = [];
  private current = -1;
  private frame = 0;
  private dirty = new Set<number>();
  private dirtyCards = new Set<number>();
  private whole = true;
  private readonly resized = new ResizeObserver(() => this.resize());
  private readonly scrolled = () => this.redraw();
  private draws = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly holder: HTMLElement, // as high as the plan
    private readonly owner: CanvasOwner,
  ) {
    this.resized.observe(canvas);
    document.addEventListener("scroll", this.scrolled, { capture: true, passive: true });
    this.resize();
  }

  close(): void {
    this.resized.disconnect();
    document.removeEventListener("scroll", this.scrolled, { capture: true });
    cancelAnimationFrame(this.frame);
  }

  /** Another theme, or another screen. */
  resize(): void {
    const ratio = Math.min(devicePixelRatio, ratioMost);
    const box = this.canvas.getBoundingClientRect();
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
    const context = this.canvas.getContext("2d");
    this.painter = context && new Painter(context, readInk(), ratio);
    this.redraw();
  }

  /** Another plan or choice: all of it is drawn. */
  show(content: Content): void {
    const samePlan = this.content?.plan === content.plan;
    this.content = content;
    if (!samePlan) {
      this.codes = new Uint8Array(content.order.length);
      this.cardOf = new Int32Array(content.order.length);
      content.plan.cards.forEach((card, index) => this.cardOf.fill(index, card.first, card.end));
      this.positionOf = new Int32Array(content.links.length).fill(-1);
      content.order.forEach((index, position) => (this.positionOf[index] = position));
      this.current = Math.min(this.current, content.order.length - 1);
      this.fresh.clear();
    }
    const now = Date.now();
    for (let at = 0; at < this.codes.length; at++) this.recode(at, now);
    this.recount();
    this.redraw();
  }

  /** The links of these indices may have changed: what differs is drawn. */
  update(indices: number[]): void {
    const now = Date.now();
    if (!this.content) return;
    for (const index of indices) {
      const position = this.positionOf[index] ?? -1;
      if (position >= 0) this.recode(position, now);
    }
    for (const position of [...this.fresh]) this.recode(position, now);
    if (this.dirty.size > 0) this.schedule();
  }

  private redraw(): void {
    this.whole = true;
    this.schedule();
  }

  private schedule(): void {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  private codeOf(position: number, now: number): number {
    const content = this.content as Content;
    const link = content.links[content.order[position] as number];
    if (!link) return 0;
    const at = content.changed.size > 0 ? content.changed.get(link.link) : undefined;
    return (
      codeOfShown[shownOf(link)] |
      (content.wanted && !content.wanted(link) ? dimmedBit : 0) |
      (at !== undefined && now - at < freshMs ? freshBit : 0) |
      (position === this.current ? currentBit : 0)
    );
  }

  private recode(position: number, now: number): void {
    const code = this.codeOf(position, now);
    const old = this.codes[position] as number;
    if (code === old) return;
    this.codes[position] = code;
    this.dirty.add(position);
    if (code & freshBit) this.fresh.add(position);
    else this.fresh.delete(position);
    if ((code & 7) !== (old & 7)) this.recountTile(position, old & 7, code & 7);
  }

  private recountTile(position: number, old: number, now: number): void {
    const card = this.cardOf[position] as number;
    const counts = this.counts[card];
    if (!counts) return;
    counts[shownOrder[old] as Shown]--;
    counts[shownOrder[now] as Shown]++;
    this.dirtyCards.add(card);
  }

  private recount(): void {
    this.counts = (this.content?.plan.cards ?? []).map(emptyCounts);
    for (let at = 0; at < this.codes.length; at++) {
      const counts = this.counts[this.cardOf[at] as number];
      if (counts) counts[shownOrder[(this.codes[at] as number) & 7] as Shown]++;
    }
  }

  // ---- drawing

  /** How far the plan is scrolled. */
  private top(): number {
    const above = this.canvas.getBoundingClientRect().top - this.holder.getBoundingClientRect().top;
    return Math.round(above);
  }

  private tile(position: number): Tile {
    const code = this.codes[position] as number;
    return {
      shown: shownOrder[code & 7] as Shown,
      dimmed: (code & dimmedBit) !== 0,
      fresh: (code & freshBit) !== 0,
      current: (code & currentBit) !== 0,
    };
  }

  private scene(content: Content): Scene {
    return {
      plan: content.plan,
      tile: (position) => this.tile(position),
      words: (position) => this.owner.words(this.linkAt(position) as Link),
      counts: (card) => this.counts[card] ?? emptyCounts(),
      note: (card) => this.owner.note(card),
    };
  }

  private draw(): void {
    const began = performance.now();
    this.frame = 0;
    if (!this.content || !this.painter) return;
    const scene = this.scene(this.content);
    const height = this.canvas.clientHeight;
    const top = this.top();
    if (this.whole) {
      this.painter.drawAll(scene, top, height);
    } else {
      const from = top - scene.plan.size.height;
      for (const at of this.dirty) {
        const y = scene.plan.y[at] as number;
        if (y > from && y < top + height) this.painter.redrawTile(scene, at, top);
      }
      for (const card of this.dirtyCards) this.painter.redrawHeader(scene, card, top);
    }
    this.whole = false;
    this.dirty.clear();
    this.dirtyCards.clear();
    performance.measure("wall-draw", { start: began }); // tests/page/bench.mjs reads it
    if (++this.draws % measuresMost === 0) performance.clearMeasures("wall-draw");
  }

  // ---- pointing and moving

  linkAt(position: number): Link | undefined {
    const index = this.content?.order[position];
    return index === undefined ? undefined : this.content?.links[index];
  }

  /** Where a tile is on the screen, relative to the holder. */
  placeOf(position: number): { x: number; y: number; width: number; height: number } | null {
    const plan = this.content?.plan;
    if (!plan || position < 0 || position >= plan.x.length) return null;
    return { x: plan.x[position] ?? 0, y: plan.y[position] ?? 0, ...plan.size };
  }

  pointAt(event: MouseEvent): number {
    const box = this.holder.getBoundingClientRect();
    if (!this.content) return -1;
    return hit(this.content.plan, event.clientX - box.left, event.clientY - box.top);
  }

  setCurrent(position: number): void {
    const before = this.current;
    const now = Date.now();
    this.current = position;
    if (before >= 0 && before < this.codes.length) this.recode(before, now);
    if (position >= 0) this.recode(position, now);
    this.schedule();
  }

  /** Where a key leads to from the present tile; null: it is no key of the wall. */
  keyLeads(key: string): number | null {
    const plan = this.content?.plan;
    const last = (this.content?.order.length ?? 0) - 1;
    if (!plan || last < 0) return null;
    const from = Math.max(0, this.current);
    if (this.current < 0 && key.startsWith("Arrow")) return 0;
    switch (key) {
      case "ArrowRight":
        return Math.min(last, from + 1);
      case "ArrowLeft":
        return Math.max(0, from - 1);
      case "ArrowDown":
        return vertical(plan, from, 1);
      case "ArrowUp":
        return vertical(plan, from, -1);
      case "PageDown":
        return nextBox(plan, from, 1);
      case "PageUp":
        return nextBox(plan, from, -1);
      case "Home":
        return 0;
      case "End":
        return last;
      default:
        return null;
    }
  }
}
