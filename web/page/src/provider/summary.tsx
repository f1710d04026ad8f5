// SPDX-License-Identifier: Apache-2.0
// How all links of the provider stand: now, and in the month.

import type { Link } from "../api/desa";
import type { WholeRow } from "../api/provider";
import { shownOf, shownOrder } from "../live/shown";
import { bounds, decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import { moneyBetween } from "./money";
import { words } from "./words";

export function Summary(props: { links: Link[]; whole: WholeRow | null }) {
  const { links, whole } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const number = (value: number | null) => decimal(value ?? 0, 0, language);
  const counts = shownOrder
    .map((state) => ({ state, count: links.filter((one) => shownOf(one) === state).length }))
    .filter(({ count }) => count > 0);

  return (
    <div class="provider-summary">
      <section class="card">
        <h2>{w.now}</h2>
        <ul class="provider-counts">
          {counts.map(({ state, count }) => (
            <li key={state} class={`state-${state}`}>
              <StateMark state={state} />
              <strong>{number(count)}</strong> {common.states[state]}
            </li>
          ))}
        </ul>
      </section>
      {whole && (
        <>
          <section class="card">
            <h2>{w.availability}</h2>
            <p class="provider-figure">{bounds(whole.a_low, whole.a_high, language)}</p>
            <p class="soft">
              {w.metOf(
                number(whole.links_met),
                number(whole.links_missed),
                number((whole.links_undecided ?? 0) + (whole.links_never ?? 0)),
              )}
              {whole.revision === "sementara" && ` · ${w.provisional}`}
            </p>
          </section>
          <section class="card">
            <h2>{w.restitution}</h2>
            <p class="provider-figure">
              {moneyBetween(whole.restitution_low, whole.restitution_high, common, language)}
            </p>
            <p class="soft">{w.restitutionHint}</p>
          </section>
        </>
      )}
    </div>
  );
}
