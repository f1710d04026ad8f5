// SPDX-License-Identifier: Apache-2.0
// Links that would cover each other become one mark, with their number and the worst of their
// states. Pure.

import type { Link } from "../api/desa";
import { shownOf, shownOrder } from "../live/shown";
import type { Shown } from "../live/shown";

export interface Mark {
  x: number;
  y: number;
  shown: Shown;
  links: Link[];
}

export interface Spot {
  link: Link;
  x: number; // pixels of the window
  y: number;
}

/** What shows from afar: trouble before what is merely unknown to us. */
function worse(a: Shown, b: Shown): Shown {
  return shownOrder.indexOf(a) < shownOrder.indexOf(b) ? a : b;
}

function within(value: number, middle: number, most: number): number {
  return Math.min(Math.max(value, middle - most), middle + most);
}

export function cluster(spots: Spot[], cell: number): Mark[] {
  const cells = new Map<string, Mark>();
  for (const { link, x, y } of spots) {
    const column = Math.floor(x / cell);
    const row = Math.floor(y / cell);
    const key = `${column} ${row}`;
    const mark = cells.get(key);
    if (mark) {
      const n = mark.links.length;
      mark.x = (mark.x * n + x) / (n + 1);
      mark.y = (mark.y * n + y) / (n + 1);
      mark.shown = worse(mark.shown, shownOf(link));
      mark.links.push(link);
    } else {
      cells.set(key, { x, y, shown: shownOf(link), links: [link] });
    }
  }
  for (const [key, mark] of cells) {
    if (mark.links.length < 2) continue;
    // Near the middle of its cell, so that marks of many do not cover each other.
    const [column = 0, row = 0] = key.split(" ").map(Number);
    mark.x = within(mark.x, (column + 0.5) * cell, cell * 0.08);
    mark.y = within(mark.y, (row + 0.5) * cell, cell * 0.08);
  }
  return [...cells.values()];
}
