// SPDX-License-Identifier: Apache-2.0
// Whose an item is, in words. Pure.

import type { Item } from "../api/decisions";
import type { Link } from "../api/desa";
import { desaName, placeName } from "../parts/describe";
import { decimal } from "../parts/format";
import type { Language } from "../parts/language";
import type { Words } from "../parts/words";

export function nameOf(item: Pick<Item, "link" | "desa" | "provider">, links: Map<number, Link>) {
  const link = item.link === null ? undefined : links.get(item.link);
  return {
    desa: link ? desaName(link) : (item.desa ?? item.provider),
    place: link ? `${placeName(link)} · ${link.provider}` : item.provider,
    zone: link?.zone ?? "WITA",
  };
}

export function rupiah(amount: number, common: Words, language: Language): string {
  return common.rupiah(decimal(amount, 0, language));
}
