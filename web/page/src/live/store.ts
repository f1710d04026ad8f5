// SPDX-License-Identifier: Apache-2.0
// The links of the board. An event replaces the row of its link, so that who holds a row can tell
// by looking whether it is still the same.

import type { Link } from "../api/desa";
import { countShown, noCounts, shownOf } from "./shown";
import type { Shown } from "./shown";

export interface News {
  link: Link;
  was: Shown;
}

export class LinkStore {
  links: Link[] = [];
  loads = 0;
  days = 0; // how often the last day came anew
  version = 0; // grows with every change of a state
  readonly changed = new Map<number, number>();
  private readonly places = new Map<number, number>(); // link -> index
  private news: News[] = [];
  private dirty = new Set<number>();
  private counts: Record<Shown, number> = noCounts();

  load(rows: Link[]): void {
    const before = new Map(this.links.map((link) => [link.link, shownOf(link)]));
    this.links = rows;
    this.loads++;
    this.days++;
    this.version++;
    this.places.clear();
    rows.forEach((link, index) => this.places.set(link.link, index));
    this.counts = countShown(rows);
    this.dirty.clear(); // who looks at them looks at all
    for (const link of rows) {
      const was = before.get(link.link);
      if (was && was !== shownOf(link)) this.note(link, was);
    }
  }

  /** False: there is no such link here. */
  apply(change: Partial<Link> & { link: number }): boolean {
    const index = this.places.get(change.link);
    const old = index === undefined ? undefined : this.links[index];
    if (index === undefined || !old) return false;
    const link = { ...old, ...change };
    this.links[index] = link;
    this.dirty.add(index);
    const was = shownOf(old);
    const now = shownOf(link);
    if (was === now) return true;
    this.counts = { ...this.counts, [was]: this.counts[was] - 1, [now]: this.counts[now] + 1 };
    this.note(link, was);
    return true;
  }

  /** What grows slowly is taken over; how the links stand is told by events alone. False: the list
   * is not the same any more. */
  mergeDays(rows: Link[]): boolean {
    if (rows.length !== this.links.length) return false;
    for (const row of rows) {
      const { day, limits, lat, lon, pdv_us, slow } = row;
      if (!this.apply({ link: row.link, day, limits, lat, lon, pdv_us, slow }))
        return false;
    }
    this.days++;
    return true;
  }

  countsNow(): Record<Shown, number> {
    return this.counts;
  }

  /** Indices of the rows that were replaced since this was last asked. */
  takeDirty(): number[] {
    const dirty = [...this.dirty];
    this.dirty.clear();
    return dirty;
  }

  takeNews(): News[] {
    const news = this.news;
    this.news = [];
    return news;
  }

  private note(link: Link, was: Shown): void {
    this.version++;
    this.changed.set(link.link, Date.now());
    this.news.push({ link, was });
  }
}
