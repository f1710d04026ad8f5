// SPDX-License-Identifier: Apache-2.0
// How many are in each state, large enough for the other end of the room; each can be chosen.

import { useMemo } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive } from "../live/context";
import { coverageOf, shownOrder } from "../live/shown";
import type { Shown } from "../live/shown";
import { decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import type { Choice } from "./choice";
import { words } from "./words";

const always: Shown[] = ["down", "power", "silent", "degraded", "up"]; // shown at nought, too

function Count(props: { state: Shown; count: number; chosen: boolean; choose: () => void }) {
  const { states, stateHints } = useCommon();
  const language = useLanguage();
  const none = props.count === 0;

  return (
    <button
      type="button"
      class={`count state-${props.state}${none ? " count-none" : ""}`}
      aria-pressed={props.chosen}
      title={stateHints[props.state]}
      onClick={props.choose}
    >
      <StateMark state={props.state} />
      <span class="count-number">{decimal(props.count, 0, language)}</span>
      <span class="count-name">{states[props.state]}</span>
    </button>
  );
}

function Coverage(props: { links: Link[] }) {
  const w = useWords(words);
  const language = useLanguage();
  const { days } = useLive();
  const coverage = useMemo(() => coverageOf(props.links), [days]);

  if (coverage === null) return null;
  return (
    <p class="count count-plain" title={w.coverageHint}>
      <span class="count-number">{decimal(coverage, 1, language)}%</span>
      <span class="count-name">{w.coverage}</span>
    </p>
  );
}

export function Overview(props: {
  links: Link[];
  choice: Choice;
  setChoice: (choice: Choice) => void;
}) {
  const { links, choice, setChoice } = props;
  const w = useWords(words);
  const { counts } = useLive();

  return (
    <div class="counts" role="group" aria-label={w.counts}>
      {shownOrder
        .filter((state) => counts[state] > 0 || choice.state === state || always.includes(state))
        .map((state) => (
          <Count
            key={state}
            state={state}
            count={counts[state]}
            chosen={choice.state === state}
            choose={() => setChoice({ ...choice, state: choice.state === state ? null : state })}
          />
        ))}
      <Coverage links={links} />
    </div>
  );
}
