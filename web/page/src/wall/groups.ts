// SPDX-License-Identifier: Apache-2.0
// The links in the order of the wall: by kabupaten and kecamatan, by code. Pure.

import type { Link } from "../api/desa";
import { properName } from "../parts/format";
import type { Group } from "./layout";

export interface Ordered {
  order: Int32Array; // position on the wall -> index of the link
  groups: Group[];
}

/** The list comes by code of the desa, so what belongs together is together. */
export function groupLinks(links: Link[], keep: (link: Link) => boolean): Ordered {
  const order: number[] = [];
  const groups: Group[] = [];
  let group: Group | undefined;
  let kecamatan = "";
  links.forEach((link, index) => {
    if (!keep(link)) return;
    if (!group || group.code !== link.kabupaten) {
      const name = properName(link.kabupaten_name ?? link.kabupaten);
      group = { name, code: link.kabupaten, boxes: [] };
      groups.push(group);
      kecamatan = "";
    }
    if (kecamatan !== link.kecamatan) {
      kecamatan = link.kecamatan;
      group.boxes.push({ name: properName(link.kecamatan_name ?? link.kecamatan), count: 0 });
    }
    const box = group.boxes[group.boxes.length - 1];
    if (box) box.count++;
    order.push(index);
  });
  return { order: Int32Array.from(order), groups };
}
