// SPDX-License-Identifier: Apache-2.0
// What became of each of those that were decided together.

import { useLayoutEffect, useRef } from "preact/hooks";

import { decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { Why } from "../parts/problem";
import { StateMark } from "../parts/state-mark";
import { useLinks } from "../parts/use-links";
import { wholeTime } from "../parts/format";
import type { Outcome } from "./actions";
import { nameOf } from "./names";
import { words } from "./words";

function Line({ outcome }: { outcome: Outcome }) {
  const { item, problem } = outcome;
  const w = useWords(words);
  const common = useCommon();
  const { desa, zone } = nameOf(item, useLinks());
  const done = problem === null;

  return (
    <li class={done ? "state-up" : "state-down"}>
      <StateMark state={done ? "up" : "down"} />
      <span>
        <strong>{done ? w.resultDone : w.refused}</strong>{" "}
        {w.kinds[item.kind]}: {item.links > 1 ? w.severalLinks(item.links) : desa},{" "}
        {wholeTime(item.from, zone, common)}
        {!done && (
          <span class="under">
            <Why of={problem} />
          </span>
        )}
      </span>
    </li>
  );
}

/** What did not succeed stands first. */
export function Results(props: { outcomes: Outcome[]; close: () => void }) {
  const { outcomes } = props;
  const w = useWords(words);
  const language = useLanguage();
  const title = useRef<HTMLHeadingElement>(null);
  const done = outcomes.filter((one) => one.problem === null).length;
  const sorted = [...outcomes].sort(
    (a, b) => Number(a.problem === null) - Number(b.problem === null),
  );

  // With what is shown, not a moment after it: what is typed next must find it.
  useLayoutEffect(() => {
    title.current?.focus();
    title.current?.scrollIntoView({ block: "center" });
  }, [outcomes]);
  return (
    <section class="card results" aria-labelledby="results-title">
      <h2 id="results-title" tabIndex={-1} ref={title}>
        {w.results(decimal(done, 0, language), decimal(outcomes.length, 0, language))}
      </h2>
      {/* it scrolls when there are many, by the keyboard too */}
      <ul tabIndex={0}>
        {sorted.map((outcome) => (
          <Line key={outcome.item.item} outcome={outcome} />
        ))}
      </ul>
      <button type="button" onClick={props.close}>
        {w.close}
      </button>
    </section>
  );
}
