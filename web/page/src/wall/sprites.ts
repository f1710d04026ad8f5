// SPDX-License-Identifier: Apache-2.0
// The shapes of the states on canvas: drawn once for each size and theme, then copied.

import { shownOrder } from "../live/shown";
import type { Shown } from "../live/shown";
import { shapes } from "../parts/shapes";

export interface Ink {
  card: string;
  edge: string;
  text: string;
  soft: string;
  focus: string;
  tone: Record<Shown, string>;
  ground: Record<Shown, string>;
}

/** Colours as the style sheet has them now. */
export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const tone = {} as Record<Shown, string>;
  const ground = {} as Record<Shown, string>;
  for (const state of shownOrder) {
    tone[state] = read(state);
    ground[state] = read(`${state}-ground`);
  }
  tone.up = read("up-tile");
  return {
    card: read("card"),
    edge: read("edge"),
    text: read("text"),
    soft: read("soft"),
    focus: read("focus"),
    tone,
    ground,
  };
}

function paint(context: CanvasRenderingContext2D, state: Shown, ink: Ink): void {
  const { fill, cut, line, dashed } = shapes[state];

  context.lineCap = "round";
  context.lineJoin = "round";
  if (fill) {
    context.fillStyle = ink.tone[state];
    context.fill(new Path2D(fill));
  }
  if (cut) {
    context.strokeStyle = state === "up" ? ink.ground.up : ink.card;
    context.lineWidth = 1.9;
    context.stroke(new Path2D(cut));
  }
  if (line) {
    context.strokeStyle = ink.tone[state];
    context.lineWidth = dashed ? 1.8 : 1.9;
    if (dashed) context.setLineDash([3.2, 3.3]);
    context.stroke(new Path2D(line));
  }
}

/** A shape of `side` pixels of the screen. */
export class Sprites {
  private readonly made = new Map<string, HTMLCanvasElement>();

  constructor(
    readonly ink: Ink,
    private readonly ratio: number,
  ) {}

  get(state: Shown, side: number): HTMLCanvasElement {
    const key = `${state} ${side}`;
    const old = this.made.get(key);
    if (old) return old;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.round(side * this.ratio);
    const context = canvas.getContext("2d");
    if (context) {
      context.scale(canvas.width / 16, canvas.height / 16);
      paint(context, state, this.ink);
    }
    this.made.set(key, canvas);
    return canvas;
  }
}
