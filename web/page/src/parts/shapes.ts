// SPDX-License-Identifier: Apache-2.0
// A state as a shape, in a square of 16: told apart without colour, and without reading. Drawn as
// SVG in text (state-mark.tsx) and on canvas (wall/sprites.ts).

import type { Shown } from "../live/shown";

export interface Shape {
  fill?: string; // filled with the state's tone
  cut?: string; // drawn into it with the colour of the ground
  line?: string; // drawn with the tone
  dashed?: boolean; // the line is
}

const ring = "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4Z";

export const shapes: Record<Shown, Shape> = {
  up: {
    fill: "M8 1a7 7 0 1 0 0 14a7 7 0 1 0 0-14Z",
    cut: "M4.8 8.2 7 10.5 11.2 5.7",
  },
  degraded: {
    fill: "M8 1.1 15.6 14.6H.4Z",
    cut: "M8 5.9v4.1M8 12.2v.1",
  },
  down: {
    fill: "M4 1h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3Z",
    cut: "M5 5l6 6M11 5l-6 6",
  },
  unknown: {
    fill: "M8 .6 15.4 8 8 15.4.6 8Z",
    cut: "M6.4 6.6a1.7 1.7 0 1 1 2.3 1.6c-.5.2-.7.5-.7 1M8 11.4v.1",
  },
  power: { fill: "M9.8.6 2.9 9.1h3.9L5.9 15.4 13 6.7H9Z" },
  silent: { line: `${ring}M5 8h.1M8 8h.1M11 8h.1`, dashed: true },
  excluded: { line: `${ring}M6.3 5.6v4.8M9.7 5.6v4.8` },
  never: { line: ring },
};
