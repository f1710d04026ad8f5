// SPDX-License-Identifier: Apache-2.0
// The links on the map: one canvas over it, drawn anew when the map rests or a link changes.

import L from "leaflet";

import type { Link } from "../api/desa";
import { shownOf, shownOrder } from "../live/shown";
import { readInk, Sprites } from "../wall/sprites";
import { cluster } from "./clusters";
import type { Mark, Spot } from "./clusters";

const cell = 42; // pixels that a mark keeps to itself
const side = 22; // of a single link
const margin = 0.25; // of the window, drawn beyond its edges so that dragging shows no hole

/** "3/12": so many are in the state that is shown. */
function numberOf(mark: Mark): string {
  const count = mark.links.filter((link) => shownOf(link) === mark.shown).length;
  const all = mark.links.length;
  return count === all ? String(all) : `${count}/${all}`;
}

export class LinkLayer extends L.Layer {
  private canvas: HTMLCanvasElement | null = null;
  private marks: Mark[] = [];
  private links: Link[] = [];
  private origin = L.point(0, 0);

  override onAdd(map: L.Map): this {
    this.canvas = L.DomUtil.create("canvas", "link-layer leaflet-zoom-hide");
    map.getPanes().overlayPane.appendChild(this.canvas);
    map.on("moveend zoomend resize", this.draw, this);
    this.draw();
    return this;
  }

  override onRemove(map: L.Map): this {
    map.off("moveend zoomend resize", this.draw, this);
    this.canvas?.remove();
    this.canvas = null;
    return this;
  }

  show(links: Link[]): void {
    this.links = links;
    this.draw();
  }

  /** The mark at a point of the window. */
  at(point: L.Point): Mark | undefined {
    const here = point.subtract(this.origin);
    return this.marks.find((mark) => Math.hypot(mark.x - here.x, mark.y - here.y) < cell / 2);
  }

  private spots(map: L.Map, size: L.Point): Spot[] {
    const spots: Spot[] = [];
    for (const link of this.links) {
      const point = map.latLngToContainerPoint([link.lat as number, link.lon as number]);
      const x = point.x - this.origin.x;
      const y = point.y - this.origin.y;
      if (x >= 0 && y >= 0 && x < size.x && y < size.y) spots.push({ link, x, y });
    }
    return spots;
  }

  private draw(): void {
    const map = this._map;
    if (!map || !this.canvas) return;
    const window = map.getSize();
    this.origin = window.multiplyBy(-margin).round();
    const size = window.multiplyBy(1 + 2 * margin).round();
    const ratio = Math.min(devicePixelRatio, 2);
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint(this.origin));
    this.canvas.width = size.x * ratio;
    this.canvas.height = size.y * ratio;
    this.canvas.style.width = `${size.x}px`;
    this.canvas.style.height = `${size.y}px`;
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    this.marks = cluster(this.spots(map, size), cell);
    // What is well lies beneath what is not.
    this.marks.sort((a, b) => shownOrder.indexOf(b.shown) - shownOrder.indexOf(a.shown));
    this.paint(context, ratio);
  }

  private paint(context: CanvasRenderingContext2D, ratio: number): void {
    const ink = readInk();
    const sprites = new Sprites(ink, ratio);

    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const mark of this.marks) {
      const many = mark.links.length > 1;
      const radius = many ? 17 : side / 2 + 3;
      context.fillStyle = ink.card;
      context.strokeStyle = ink.tone[mark.shown];
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(mark.x, mark.y, radius, 0, 2 * Math.PI);
      context.fill();
      if (many) context.stroke();
      const size = many ? 15 : side;
      const top = many ? mark.y - 14 : mark.y - size / 2;
      context.drawImage(sprites.get(mark.shown, size), mark.x - size / 2, top, size, size);
      if (!many) continue;
      context.fillStyle = ink.text;
      context.font = '600 11.5px "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif';
      context.fillText(numberOf(mark), mark.x, mark.y + 8);
    }
  }
}
