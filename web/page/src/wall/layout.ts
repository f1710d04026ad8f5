// SPDX-License-Identifier: Apache-2.0
/*
 * Where each tile of the wall lies. Pure.
 *
 *   card: a kabupaten          box: a kecamatan, its tiles in rows of two or three
 *   +--------------------------------+
 *   | Kutai Timur          x 3   o 1 |   header
 *   | Muara Wis   Sangatta           |   label of each box
 *   | o o o o     o o o o o o        |
 *   | o o o       o o x o o          |
 *   +--------------------------------+
 *
 * Cards stand in columns. The largest tiles are taken with which all fits on the screen; when not
 * even the smallest do, the wall is scrolled.
 */

export interface TileSize {
  width: number;
  height: number;
}

export interface Group {
  name: string;
  code: string;
  boxes: { name: string; count: number }[];
}

export interface Card {
  x: number;
  y: number;
  width: number;
  height: number;
  name: string;
  code: string;
  first: number; // positions [first, end) of its tiles
  end: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  bottom: number;
  name: string;
  card: number;
  columns: number;
  first: number;
  end: number;
}

export interface Plan {
  size: TileSize;
  gap: number;
  width: number;
  height: number;
  cards: Card[];
  boxes: Box[];
  x: Float32Array; // of each tile, by its position in the order
  y: Float32Array;
}

export const headerHeight = 30;
export const labelHeight = 16;
export const cardPad = 10;
const cardGap = 10;
const boxGap = 12;
const lineGap = 8;
const boxLeastWidth = 58; // room for some letters of its name
const boxNameWidth = 92; // and as much as most names need
const letterWidth = 6.2; // of a label, about
const cardLeastWidth = 240;
const phoneWidth = 700;
const fingerSide = 24;

const sides = [48, 44, 40, 37, 34, 32, 30, 28, 27, 26, 25, 24, 23, 22, 21, 20, 18, 16, 14, 12];

/** Zoom levels, the largest first: the first has words in its tiles. */
export const levels: TileSize[] = [
  { width: 184, height: 46 },
  ...sides.map((side) => ({
    width: side,
    height: side,
  })),
];

export function isWordy(size: TileSize): boolean {
  return size.width > size.height;
}

function gapOf(size: TileSize): number {
  return size.height >= 40 ? 6 : size.height >= 20 ? 3 : 2;
}

interface Shape {
  columns: number;
  rows: number;
  width: number;
}

/** So many rows, or as many as keep the box within the card. */
function boxShape(
  { name, count }: { name: string; count: number },
  size: TileSize,
  rows: number,
  inner: number,
): Shape {
  const named = Math.min(boxNameWidth, name.length * letterWidth);
  const pitch = size.width + gapOf(size);
  const most = Math.max(1, Math.floor((inner + gapOf(size)) / pitch));
  const columns = Math.min(most, Math.max(Math.min(2, count), Math.ceil(count / rows)));
  const width = columns * pitch - gapOf(size);
  return {
    columns,
    rows: Math.ceil(count / columns),
    width: Math.min(inner, Math.max(width, boxLeastWidth, named)),
  };
}

class Arranger {
  readonly cards: Card[] = [];
  readonly boxes: Box[] = [];
  private readonly gap: number;
  private readonly cardWidth: number;
  private readonly tops: number[];
  private position = 0;

  constructor(
    width: number,
    readonly size: TileSize,
    columns: number,
    private readonly rows: number,
  ) {
    this.gap = gapOf(size);
    this.cardWidth = Math.floor((width - cardGap * (columns - 1)) / columns);
    this.tops = new Array<number>(columns).fill(0);
  }

  add(group: Group): void {
    const column = this.tops.indexOf(Math.min(...this.tops));
    const x = column * (this.cardWidth + cardGap);
    const y = this.tops[column] ?? 0;
    const first = this.position;
    const bottom = this.flow(group, x, y);
    this.tops[column] = bottom + cardGap;
    this.cards.push({
      x,
      y,
      width: this.cardWidth,
      height: bottom - y,
      name: group.name,
      code: group.code,
      first,
      end: this.position,
    });
  }

  /** Boxes side by side, line after line; the bottom of the card. */
  private flow(group: Group, x: number, y: number): number {
    const inner = this.cardWidth - 2 * cardPad;
    const pitch = this.size.height + this.gap;
    let left = 0;
    let top = y + headerHeight;
    let rows = 0;
    for (const box of group.boxes) {
      const shape = boxShape(box, this.size, this.rows, inner);
      if (left > 0 && left + shape.width > inner) {
        top += labelHeight + rows * pitch - this.gap + lineGap;
        left = rows = 0;
      }
      this.boxes.push({
        x: x + cardPad + left,
        y: top,
        width: shape.width,
        bottom: top + labelHeight + shape.rows * pitch - this.gap,
        name: box.name,
        card: this.cards.length,
        columns: shape.columns,
        first: this.position,
        end: this.position + box.count,
      });
      this.position += box.count;
      left += shape.width + boxGap;
      rows = Math.max(rows, shape.rows);
    }
    return top + labelHeight + rows * pitch - this.gap + cardPad;
  }

  height(): number {
    return Math.max(0, Math.max(...this.tops) - cardGap);
  }

  plan(width: number): Plan {
    const x = new Float32Array(this.position);
    const y = new Float32Array(this.position);
    for (const box of this.boxes) {
      for (let at = box.first; at < box.end; at++) {
        const place = at - box.first;
        const row = Math.floor(place / box.columns);
        x[at] = box.x + (place % box.columns) * (this.size.width + this.gap);
        y[at] = box.y + labelHeight + row * (this.size.height + this.gap);
      }
    }
    return {
      size: this.size,
      gap: this.gap,
      width,
      height: this.height(),
      cards: this.cards,
      boxes: this.boxes,
      x,
      y,
    };
  }
}

const manyBoxes = 500; // beyond the country's hundreds, every arrangement is not worth trying

/** Of the arrangements that fit, the one with the widest cards; else the lowest. */
function arrange(groups: Group[], width: number, height: number, size: TileSize): Arranger {
  const most = Math.max(1, Math.min(8, groups.length, Math.floor(width / cardLeastWidth)));
  const boxes = groups.reduce((sum, group) => sum + group.boxes.length, 0);
  const rows = isWordy(size) ? [1, 3, 8] : boxes > manyBoxes ? [3] : [2, 3, 4];
  let best: Arranger | null = null;
  for (const each of rows) {
    for (let columns = boxes > manyBoxes ? most : 1; columns <= most; columns++) {
      const arranger = new Arranger(width, size, columns, each);
      groups.forEach((group) => arranger.add(group));
      if (!best || arranger.height() < best.height()) best = arranger;
      if (best.height() <= height) return best;
    }
  }
  return best as Arranger;
}

function fits(groups: Group[], width: number, height: number, size: TileSize): boolean {
  const count = groups.reduce((sum, group) => {
    return sum + group.boxes.reduce((tiles, box) => tiles + box.count, 0);
  }, 0);
  if (count * size.width * size.height > width * height) return false; // not even side by side
  return arrange(groups, width, height, size).height() <= height;
}

/** The level with which all fits. When none does it is scrolled anyway, and tiles are of a size
 * that a finger finds, or on a large screen the smallest. */
export function levelThatFits(groups: Group[], width: number, height: number): number {
  const level = levels.findIndex((size) => fits(groups, width, height, size));
  if (level >= 0 && (levels[level]?.height ?? 0) >= fingerSide) return level;
  const least = width < phoneWidth ? fingerSide : 0;
  const last = levels.filter((size) => size.height >= least).length - 1;
  return level >= 0 ? Math.min(level, last) : last;
}

export function planOf(groups: Group[], width: number, height: number, level: number): Plan {
  const size = levels[Math.min(Math.max(level, 0), levels.length - 1)] as TileSize;
  return arrange(groups, width, height, size).plan(width);
}

/** Position of the tile at a point, or -1. */
export function hit(plan: Plan, x: number, y: number): number {
  const pitchX = plan.size.width + plan.gap;
  const pitchY = plan.size.height + plan.gap;
  for (const box of plan.boxes) {
    if (y < box.y + labelHeight || y >= box.bottom + plan.gap || x < box.x) continue;
    const column = Math.floor((x - box.x) / pitchX);
    if (column >= box.columns) continue;
    const row = Math.floor((y - box.y - labelHeight) / pitchY);
    const position = box.first + row * box.columns + column;
    if (position < box.end) return position;
  }
  return -1;
}

/** The nearest tile above (direction -1) or below (1), or where it already is. */
export function vertical(plan: Plan, from: number, direction: 1 | -1): number {
  const x = plan.x[from] ?? 0;
  const y = plan.y[from] ?? 0;
  let best = from;
  let least = Infinity;
  for (let at = 0; at < plan.x.length; at++) {
    const down = ((plan.y[at] ?? 0) - y) * direction;
    if (down < plan.size.height / 2) continue;
    const aside = Math.abs((plan.x[at] ?? 0) - x);
    const far = down + 3 * aside;
    if (far < least) {
      least = far;
      best = at;
    }
  }
  return best;
}

/** The first tile of the next box (1), or of this one or the one before (-1). */
export function nextBox(plan: Plan, from: number, direction: 1 | -1): number {
  const index = plan.boxes.findIndex((box) => from >= box.first && from < box.end);
  const box = plan.boxes[index];
  if (!box) return from;
  if (direction < 0 && from > box.first) return box.first;
  return plan.boxes[index + direction]?.first ?? from;
}
