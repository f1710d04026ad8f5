// SPDX-License-Identifier: Apache-2.0
import { askJson } from "./ask";

export interface SlaRow {
  link: number | null;
  segment_end: string | null;
  a_low: number | null;
  a_high: number | null;
  target: number | null;
  verdict: string | null;
  revision: string | null;
}

export async function fetchSla(month: string): Promise<SlaRow[]> {
  const list = await askJson<{ rows: SlaRow[] }>(`/api/v1/sla?month=${month}&limit=10000`);
  return list.rows;
}
