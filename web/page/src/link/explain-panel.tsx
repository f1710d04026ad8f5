// SPDX-License-Identifier: Apache-2.0
// Why a moment counts as it does, in plain words; the evidence beneath.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { fetchExplanation } from "../api/explain";
import type { Explanation, Probe } from "../api/explain";
import { isoTime } from "../api/links";
import type { Stretch } from "../api/links";
import { milliseconds, wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { Problem } from "../parts/problem";
import { StateMark } from "../parts/state-mark";
import { useAsked } from "../parts/use-asked";
import { nextChange, shownAs } from "./days";
import { words as explainWords } from "./explain-words";
import { reachesOf, sentencesOf, verdictOf } from "./explanation";
import { words } from "./words";

function Reaches(props: { probes: Probe[] }) {
  const w = useWords(explainWords);

  return (
    <>
      <p>{w.asked}</p>
      <ul class="reaches">
        {reachesOf(props.probes).map(({ who, answered, asked }) => (
          <li key={who} class={answered ? "state-up" : "state-down"}>
            <StateMark state={answered ? "up" : "down"} />
            {w.reached(w.who[who] ?? who, answered, asked)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Probes(props: { probes: Probe[]; zone: string }) {
  const w = useWords(explainWords);
  const common = useCommon();
  const language = useLanguage();

  return (
    <details>
      <summary>{w.details}</summary>
      <div class="wide-table" tabIndex={0} role="region" aria-label={w.details}>
        <table>
          <caption>{w.details}</caption>
          <thead>
            <tr>
              {Object.entries(w.columns).map(([key, label]) => (
                <th key={key} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.probes.map((probe, index) => (
              <tr key={index}>
                <td>{wholeTime(probe.at, props.zone, common)}</td>
                <td>{w.who[probe.class] ?? probe.class}</td>
                <td>{probe.target}</td>
                <td>{w.outcomes[probe.outcome] ?? probe.outcome}</td>
                <td class="number">{milliseconds(probe.rtt_us, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Said(props: { explanation: Explanation }) {
  const e = props.explanation;
  const w = useWords(explainWords);
  const common = useCommon();
  const shown = e.class ? shownAs({ class: e.class, cause: e.run?.cause ?? null }) : "never";

  return (
    <>
      <p class={`verdict-line state-${shown}`}>
        <StateMark state={shown} />
        <strong>{verdictOf(e, w)}</strong>
      </p>
      <ul class="reasons">
        {sentencesOf(e, w, common).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {e.slot && e.slot.probes.length > 0 && (
        <>
          <Reaches probes={e.slot.probes} />
          <Probes probes={e.slot.probes} zone={e.zone} />
        </>
      )}
    </>
  );
}

function Steps(props: { at: number; stretches: Stretch[]; explain: (at: number | null) => void }) {
  const w = useWords(words);
  const before = nextChange(props.stretches, props.at, -1);
  const after = nextChange(props.stretches, props.at, 1);

  return (
    <p class="explain-steps">
      <button type="button" disabled={before === null} onClick={() => props.explain(before)}>
        {w.previous}
      </button>
      <button type="button" disabled={after === null} onClick={() => props.explain(after)}>
        {w.next}
      </button>
    </p>
  );
}

export function ExplainPanel(props: {
  link: number;
  at: number;
  zone: string;
  stretches: Stretch[];
  explain: (at: number | null) => void;
}) {
  const { link, at, zone } = props;
  const w = useWords(words);
  const common = useCommon();
  const title = useRef<HTMLHeadingElement>(null);
  const { answer, problem } = useAsked(() => fetchExplanation(link, isoTime(at)), [link, at]);
  const fresh = answer && Date.parse(answer.at) === at * 1000 ? answer : null;

  // who hears the page is led to what was asked
  useLayoutEffect(() => title.current?.focus(), [at]);
  useEffect(() => title.current?.scrollIntoView({ block: "nearest" }), [fresh]);
  return (
    <aside class="card explain" aria-labelledby="explain-title" aria-live="polite">
      <h2 id="explain-title" tabIndex={-1} ref={title}>
        {w.explainTitle}
      </h2>
      <button type="button" class="quiet explain-close" onClick={() => props.explain(null)}>
        {w.close}
      </button>
      <p class="explain-at">{wholeTime(isoTime(at), zone, common)}</p>
      <Problem of={problem} />
      {!fresh && !problem && <p class="soft">{common.loading}</p>}
      {fresh && <Said explanation={fresh} />}
      <Steps {...props} />
    </aside>
  );
}
