// SPDX-License-Identifier: Apache-2.0
// The figures of the running month, asked for while the table is looked at.

import { useEffect, useState } from "preact/hooks";

import { fetchSla } from "../api/sla";
import type { SlaRow } from "../api/sla";
import { monthOf } from "../parts/format";

const everyMs = 60000; // few links
const manyEveryMs = 300000; // a province: each question costs the server some work
const many = 200;

async function byLink(month: string): Promise<Map<number, SlaRow>> {
  const rows = new Map<number, SlaRow>();
  for (const row of await fetchSla(month)) {
    if (row.link === null) continue;
    const old = rows.get(row.link);
    // A link whose contract changed has two rows: the present one counts.
    if (!old || (old.segment_end ?? "") <= (row.segment_end ?? "")) rows.set(row.link, row);
  }
  return rows;
}

export function useSla(links: number): { month: string; sla: Map<number, SlaRow> } {
  const [sla, set] = useState(new Map<number, SlaRow>());
  const month = monthOf(Date.now());

  useEffect(() => {
    let wanted = true;
    const ask = () => {
      if (document.visibilityState !== "visible") return;
      byLink(month).then(
        (rows) => wanted && set(rows),
        () => undefined, // they stay as they were; the board says what is wrong
      );
    };
    ask();
    const timer = setInterval(ask, links > many ? manyEveryMs : everyMs);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [month, links > many]);
  return { month, sla };
}
