// SPDX-License-Identifier: Apache-2.0
// What the map may show beneath the links.

import { askJson } from "./ask";

export interface MapSettings {
  tiles: string | null; // template of a tile server's addresses
  attribution: string | null; // what its owner wants to be named as
  boundaries: string | null; // address of the GeoJSON
}

export function fetchMapSettings(): Promise<MapSettings> {
  return askJson<MapSettings>("/api/v1/map");
}

export function fetchBoundaries(path: string): Promise<GeoJSON.GeoJsonObject> {
  return askJson<GeoJSON.GeoJsonObject>(path);
}
