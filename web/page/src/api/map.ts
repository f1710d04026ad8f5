// SPDX-License-Identifier: Apache-2.0
import { askJson } from "./ask";

/** What the map shows beneath the links, when the configuration names a file of it. */
export function fetchBoundaries(): Promise<GeoJSON.GeoJsonObject> {
  return askJson<GeoJSON.GeoJsonObject>("/api/v1/boundaries");
}
