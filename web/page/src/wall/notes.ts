// SPDX-License-Identifier: Apache-2.0
import { useMemo } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive } from "../live/context";
import { coverageOf } from "../live/shown";
import { decimal } from "../parts/format";
import { useLanguage } from "../parts/language";
import type { Plan } from "./layout";

/** What stands at the right of each card's header: how much of the last day was observed there. */
export function useNotes(plan: Plan, order: Int32Array): string[] {
  const { links, days } = useLive();
  const language = useLanguage();

  return useMemo(
    () =>
      plan.cards.map((card) => {
        const inside: Link[] = [];
        for (let at = card.first; at < card.end; at++) {
          const link = links[order[at] as number];
          if (link) inside.push(link);
        }
        const coverage = coverageOf(inside);
        return coverage === null ? "" : `${decimal(coverage, 1, language)}%`;
      }),
    [plan, order, days, language],
  );
}
