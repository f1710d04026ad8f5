// SPDX-License-Identifier: Apache-2.0
// The whole in one sentence and one bar; each part of it can be chosen.

import type { Link, State } from "./api";
import { countStates, stateOrder } from "./choice";
import type { Choice } from "./choice";
import { decimal } from "./format";
import { StateMark } from "./state-mark";
import type { Language, Words } from "./words";

function sentence(links: Link[], counts: Record<State, number>, words: Words, language: Language) {
  const total = links.length;
  const all = decimal(total, 0, language);
  const [first] = links;
  if (!first) return words.noLinks;
  if (total === 1) return words.oneLink(words.states[first.state].toLowerCase());
  if (counts.down > 0) return words.someDown(decimal(counts.down, 0, language), all);
  if (counts.up === total) return words.allNormal(all);
  if (counts.up > 0) return words.someNormal(decimal(counts.up, 0, language), all);
  return words.noneKnown(all);
}

function Bar(props: { counts: Record<State, number> }) {
  return (
    <div class="bar" aria-hidden="true">
      {stateOrder
        .filter((state) => props.counts[state] > 0)
        .map((state) => (
          <span key={state} class={`state-${state}`} style={{ flexGrow: props.counts[state] }} />
        ))}
    </div>
  );
}

function Tile(props: {
  state: State;
  count: string;
  chosen: boolean;
  choose: () => void;
  words: Words;
}) {
  return (
    <button
      type="button"
      class="tile"
      aria-pressed={props.chosen}
      title={props.words.stateHints[props.state]}
      onClick={props.choose}
    >
      <StateMark state={props.state} />
      <span class="tile-count">{props.count}</span>
      <span class="tile-name">{props.words.states[props.state]}</span>
    </button>
  );
}

export function Overview(props: {
  links: Link[];
  loading: boolean;
  choice: Choice;
  setChoice: (choice: Choice) => void;
  language: Language;
  words: Words;
}) {
  const { links, choice, setChoice, language, words } = props;
  const counts = countStates(links);
  const only = links.length === 1 ? links[0] : undefined;

  if (props.loading && links.length === 0)
    return <section class="overview">{words.starting}</section>;
  return (
    <section class="overview">
      <h2 class={counts.down > 0 ? "has-down" : ""}>
        {sentence(links, counts, words, language)}
      </h2>
      {links.length === 0 && <p>{words.noLinksHint}</p>}
      {only && <p>{words.stateHints[only.state]}</p>}
      {links.length > 1 && <Bar counts={counts} />}
      {links.length > 1 && (
        <div class="tiles">
          {stateOrder
            .filter((state) => counts[state] > 0 || choice.state === state)
            .map((state) => (
              <Tile
                key={state}
                state={state}
                count={decimal(counts[state], 0, language)}
                chosen={choice.state === state}
                choose={() =>
                  setChoice({ ...choice, state: choice.state === state ? null : state })
                }
                words={words}
              />
            ))}
        </div>
      )}
    </section>
  );
}
