// SPDX-License-Identifier: Apache-2.0
import type { Language } from "../parts/language";

interface MapWords {
  title: string;
  none: string;
  noneHint: string;
  without: (count: string) => string;
  map: string;
  hint: string;
  list: string;
  together: (count: string) => string;
}

const id: MapWords = {
  title: "Peta",
  none: "Belum ada sambungan yang mempunyai koordinat",
  noneHint: "Koordinat diberikan saat sambungan didaftarkan.",
  without: (count) => `${count} sambungan belum mempunyai koordinat, dan hanya ada di tabel.`,
  map: "Peta keadaan sambungan. Isinya juga ada di tabel di sampingnya.",
  hint: "Tombol panah menggeser peta, + dan − memperbesar dan memperkecil.",
  list: "Sambungan di peta",
  together: (count) => `${count} sambungan di sini`,
};

const en: MapWords = {
  title: "Map",
  none: "No link has coordinates yet",
  noneHint: "Coordinates are given when a link is registered.",
  without: (count) => `${count} links have no coordinates yet, and are in the table only.`,
  map: "Map of the links' states. The table beside it says the same.",
  hint: "Arrow keys move the map, + and − zoom.",
  list: "Links on the map",
  together: (count) => `${count} links here`,
};

export const words: Record<Language, MapWords> = { id, en };
