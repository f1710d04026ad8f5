// SPDX-License-Identifier: Apache-2.0
// The month on a canvas: a row a day, left to right the minutes. A class is told by colour and by
// how it fills its row: up is a thin band, down fills all, unknown is hatched, excluded a line.

import { daySeconds, shownAs } from "./days";
import type { Day, Piece } from "./days";

export const rowHeight = 20;
export const gutter = 30;
export const top = 18;
const gap = 3;
const leastWidth = 1.5; // an outage of a minute is seen
const hatchStep = 5;

export interface Picture {
  width: number;
  days: Day[];
  at: number | null; // the chosen second
  focused: boolean;
}

interface Place {
  y: number;
  picture: Picture;
}

export interface Look {
  tone: (name: string) => string;
  font: string;
}

export function heightOf(days: Day[]): number {
  return top + days.length * rowHeight + 4;
}

export function xOf(second: number, width: number): number {
  return gutter + (second / daySeconds) * (width - gutter - 6);
}

/** The second that lies there, to the minute; null: beside the days. */
export function secondAt(x: number, y: number, picture: Picture): number | null {
  const day = picture.days[Math.floor((y - top) / rowHeight)];
  if (!day || y < top) return null;
  const share = (x - gutter) / (picture.width - gutter - 6);
  const second = Math.min(Math.max(share, 0), 0.99999) * daySeconds;
  return day.start + Math.floor(second / 60) * 60;
}

function hatch(pen: CanvasRenderingContext2D, x: number, y: number, wide: number, high: number) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, wide, high);
  pen.clip();
  pen.beginPath();
  for (let at = x - high - (x % hatchStep); at < x + wide; at += hatchStep) {
    pen.moveTo(at, y + high);
    pen.lineTo(at + high, y);
  }
  pen.stroke();
  pen.restore();
}

function drawPiece(pen: CanvasRenderingContext2D, piece: Piece, place: Place, look: Look) {
  const { y, picture } = place;
  const shown = shownAs(piece);
  const high = rowHeight - gap;
  const x = xOf(piece.from, picture.width);
  const wide = Math.max(leastWidth, xOf(piece.to, picture.width) - x);
  const tone = look.tone(`--${shown}`);

  pen.fillStyle = shown === "up" ? look.tone("--up-tile") : tone;
  pen.strokeStyle = tone;
  pen.lineWidth = 1.4;
  if (shown === "up") pen.fillRect(x, y + high * 0.3, wide, high * 0.4);
  else if (shown === "down") pen.fillRect(x, y, wide, high);
  else if (shown === "excluded") pen.fillRect(x, y + high / 2 - 1, wide, 2);
  else {
    pen.fillStyle = look.tone(`--${shown}-ground`);
    pen.fillRect(x, y, wide, high);
    hatch(pen, x, y, wide, high);
  }
}

function drawHours(pen: CanvasRenderingContext2D, picture: Picture, look: Look) {
  pen.fillStyle = look.tone("--soft");
  pen.strokeStyle = look.tone("--edge");
  pen.lineWidth = 1;
  pen.textBaseline = "alphabetic";
  for (const hour of [0, 6, 12, 18, 24]) {
    const x = Math.round(xOf(hour * 3600, picture.width)) + 0.5;
    pen.textAlign = hour === 24 ? "right" : hour === 0 ? "left" : "center";
    pen.fillText(String(hour).padStart(2, "0"), x, top - 6);
    pen.beginPath();
    pen.moveTo(x, top - 3);
    pen.lineTo(x, heightOf(picture.days));
    pen.stroke();
  }
}

function drawChosen(pen: CanvasRenderingContext2D, picture: Picture, look: Look) {
  const { at, days, width } = picture;
  if (at === null) return;
  const row = days.findIndex((day) => at >= day.start && at < day.start + daySeconds);
  const day = days[row];
  if (!day) return;
  const x = xOf(at - day.start + 30, width);
  const y = top + row * rowHeight;
  pen.strokeStyle = look.tone(picture.focused ? "--focus" : "--text");
  pen.lineWidth = 2;
  pen.strokeRect(x - 4, y - 1.5, 8, rowHeight);
}

/** Outages last, so that nothing lies over them. */
function inOrder(pieces: Piece[]): Piece[] {
  return [...pieces].sort((a, b) => Number(a.class === "D") - Number(b.class === "D"));
}

export function paint(pen: CanvasRenderingContext2D, picture: Picture, look: Look): void {
  pen.clearRect(0, 0, picture.width, heightOf(picture.days));
  pen.font = look.font;
  drawHours(pen, picture, look);
  picture.days.forEach((day, row) => {
    const y = top + row * rowHeight;
    pen.fillStyle = look.tone("--soft");
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(String(day.date), gutter - 8, y + (rowHeight - gap) / 2);
    for (const piece of inOrder(day.pieces)) drawPiece(pen, piece, { y, picture }, look);
  });
  drawChosen(pen, picture, look);
}
