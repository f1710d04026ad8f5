// SPDX-License-Identifier: Apache-2.0
// Draws the part of the wall that is in the window. Knows no events; see canvas.ts.

import { shownOrder } from "../live/shown";
import type { Shown } from "../live/shown";
import { cardPad, headerHeight, isWordy, labelHeight } from "./layout";
import type { Box, Card, Plan } from "./layout";
import { Sprites } from "./sprites";
import type { Ink } from "./sprites";

export interface Tile {
  shown: Shown;
  dimmed: boolean; // not what was asked for
  fresh: boolean; // changed a moment ago
  current: boolean; // where the keyboard is
}

export interface Scene {
  plan: Plan;
  tile: (position: number) => Tile;
  words: (position: number) => [string, string]; // name, and the state in words
  counts: (card: number) => Record<Shown, number>;
  note: (card: number) => string; // what stands at the right of its header
}

const font = '"Segoe UI", Roboto, "Noto Sans", "Liberation Sans", system-ui, sans-serif';
const trouble: Shown[] = ["down", "unknown", "power", "silent", "degraded", "never"];
const markSide = 14;
const markWidth = markSide + 4 + 10; // with what lies between it, its number and the next one


export class Painter {
  private readonly sprites: Sprites;
  private readonly clipped = new Map<string, string>(); // measuring is dear

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly ink: Ink,
    private readonly ratio: number,
  ) {
    this.sprites = new Sprites(ink, ratio);
  }

  /** Everything between these heights of the plan. */
  drawAll(scene: Scene, top: number, height: number): void {
    const { context, ratio } = this;
    const { plan } = scene;

    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, Math.round(-top * ratio));
    plan.cards.forEach((card, index) => {
      if (card.y < top + height && card.y + card.height > top) this.drawCard(scene, card, index);
    });
    for (const box of plan.boxes) {
      if (box.y >= top + height || box.bottom <= top) continue;
      this.drawLabel(box);
      for (let at = box.first; at < box.end; at++) this.drawTile(scene, at);
    }
  }

  /** One tile anew, over what was there. */
  redrawTile(scene: Scene, position: number, top: number): void {
    const { context, ratio } = this;
    const { plan } = scene;
    const edge = plan.gap / 2 + 0.5;

    context.setTransform(ratio, 0, 0, ratio, 0, Math.round(-top * ratio));
    context.fillStyle = this.ink.card;
    context.fillRect(
      (plan.x[position] ?? 0) - edge,
      (plan.y[position] ?? 0) - edge,
      plan.size.width + 2 * edge,
      plan.size.height + 2 * edge,
    );
    this.drawTile(scene, position);
  }

  redrawHeader(scene: Scene, index: number, top: number): void {
    const card = scene.plan.cards[index];
    if (!card) return;
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, Math.round(-top * this.ratio));
    this.context.fillStyle = this.ink.card;
    this.context.fillRect(card.x + 2, card.y + 2, card.width - 4, headerHeight - 4);
    this.drawHeader(scene, card, index);
  }

  private drawCard(scene: Scene, card: Card, index: number): void {
    const { context, ink } = this;

    context.fillStyle = ink.card;
    context.strokeStyle = ink.edge;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(card.x + 0.5, card.y + 0.5, card.width - 1, card.height - 1, 10);
    context.fill();
    context.stroke();
    this.drawHeader(scene, card, index);
  }

  /** Name at the left; at the right what is wrong, each as shape and number: the worst first, as
   * far as there is room. */
  private drawHeader(scene: Scene, card: Card, index: number): void {
    const { context, ink } = this;
    const counts = scene.counts(index);
    const middle = card.y + headerHeight / 2 + 2;
    const end = card.x + card.width - cardPad;
    let x = card.x + cardPad;

    context.textBaseline = "middle";
    context.textAlign = "left";
    context.font = `650 15px ${font}`;
    context.fillStyle = ink.text;
    this.clippedText(card.name, x, middle, (end - x) * 0.7);
    x += Math.min(context.measureText(card.name).width, (end - x) * 0.7) + 14;
    context.font = `600 14px ${font}`;
    const marks = trouble.filter((state) => counts[state] > 0);
    const widths = marks.map((state) => markWidth + context.measureText(`${counts[state]}`).width);
    const note = scene.note(index);
    const noteWidth = note.length * 7 + 10;
    const all = widths.reduce((sum, width) => sum + width, 0);
    const noted = note !== "" && x + all + noteWidth <= end;
    x = Math.max(x, end - all - (noted ? noteWidth : -10));
    marks.forEach((state, at) => {
      if (x + (widths[at] ?? 0) - 10 > end) return;
      const mark = this.sprites.get(state, markSide);
      context.drawImage(mark, x, middle - markSide / 2 - 1, markSide, markSide);
      context.fillText(`${counts[state]}`, x + markSide + 4, middle);
      x += widths[at] ?? 0;
    });
    if (!noted) return;
    context.font = `13px ${font}`;
    context.fillStyle = ink.soft;
    context.textAlign = "right";
    context.fillText(note, end, middle);
  }

  private drawLabel(box: Box): void {
    this.context.font = `11.5px ${font}`;
    this.context.fillStyle = this.ink.soft;
    this.context.textAlign = "left";
    this.context.textBaseline = "middle";
    this.clippedText(box.name, box.x, box.y + labelHeight / 2 - 1, box.width);
  }

  private clippedText(text: string, x: number, y: number, width: number): void {
    const { context } = this;
    const key = `${context.font} ${Math.floor(width)} ${text}`;
    let shown = this.clipped.get(key);

    if (width <= 0) return;
    if (shown === undefined) {
      shown = this.clip(text, width);
      this.clipped.set(key, shown);
    }
    context.fillText(shown, x, y);
  }

  private clip(text: string, width: number): string {
    const { context } = this;
    let shown = text;

    if (context.measureText(text).width <= width) return text;
    while (shown.length > 1 && context.measureText(`${shown}…`).width > width)
      shown = shown.slice(0, -1);
    return `${shown.trimEnd()}…`;
  }

  private drawTile(scene: Scene, position: number): void {
    const { context, ink } = this;
    const { plan } = scene;
    const tile = scene.tile(position);
    const { width, height } = plan.size;
    const x = plan.x[position] ?? 0;
    const y = plan.y[position] ?? 0;

    if (tile.dimmed) context.globalAlpha = 0.16;
    if (isWordy(plan.size)) this.drawWordy(scene, position, tile);
    else context.drawImage(this.sprites.get(tile.shown, width), x, y, width, height);
    context.globalAlpha = 1;
    if (!tile.fresh && !tile.current) return;
    context.strokeStyle = tile.current ? ink.focus : ink.text;
    context.lineWidth = tile.current ? 2.5 : 1.5;
    context.beginPath();
    context.roundRect(x - 0.5, y - 0.5, width + 1, height + 1, Math.min(8, height / 4));
    context.stroke();
  }

  private drawWordy(scene: Scene, position: number, tile: Tile): void {
    const { context, ink } = this;
    const { width, height } = scene.plan.size;
    const x = scene.plan.x[position] ?? 0;
    const y = scene.plan.y[position] ?? 0;
    const [name, state] = scene.words(position);

    context.fillStyle = ink.ground[tile.shown];
    context.beginPath();
    context.roundRect(x, y, width, height, 8);
    context.fill();
    context.drawImage(this.sprites.get(tile.shown, 22), x + 9, y + (height - 22) / 2, 22, 22);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.font = `650 14px ${font}`;
    context.fillStyle = ink.text;
    this.clippedText(name, x + 40, y + height / 2 - 8, width - 48);
    context.font = `12px ${font}`;
    this.clippedText(state, x + 40, y + height / 2 + 9, width - 48);
  }
}

export function emptyCounts(): Record<Shown, number> {
  return Object.fromEntries(shownOrder.map((state) => [state, 0])) as Record<Shown, number>;
}
