// SPDX-License-Identifier: Apache-2.0
// What to show: by words, kabupaten and provider.

import type { Link } from "./api";
import { options } from "./choice";
import type { Choice } from "./choice";
import { properName } from "./format";
import type { Words } from "./words";

function Select(props: {
  label: string;
  value: string;
  items: [string, string][];
  all: string | null;
  choose: (value: string) => void;
}) {
  return (
    <label>
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.all !== null && <option value="">{props.all}</option>}
        {props.items.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Filters(props: {
  links: Link[];
  choice: Choice;
  setChoice: (choice: Choice) => void;
  words: Words;
}) {
  const { links, choice, setChoice, words } = props;
  const kabupaten = options(links, (link) => [
    link.kabupaten,
    properName(link.kabupaten_name ?? link.kabupaten),
  ]);
  const providers = options(links, (link) => [link.provider, link.provider]);

  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="wide">
        <span>{words.search}</span>
        <input
          type="search"
          value={choice.text}
          placeholder={words.searchHint}
          onInput={(event) => setChoice({ ...choice, text: event.currentTarget.value })}
        />
      </label>
      {(kabupaten.length > 1 || choice.kabupaten) && (
        <Select
          label={words.kabupaten}
          value={choice.kabupaten}
          items={kabupaten}
          all={words.all}
          choose={(value) => setChoice({ ...choice, kabupaten: value })}
        />
      )}
      {(providers.length > 1 || choice.provider) && (
        <Select
          label={words.provider}
          value={choice.provider}
          items={providers}
          all={words.all}
          choose={(value) => setChoice({ ...choice, provider: value })}
        />
      )}
      <Select
        label={words.sort}
        value={choice.sort}
        items={[
          ["trouble", words.sortTrouble],
          ["name", words.sortName],
        ]}
        all={null}
        choose={(value) => setChoice({ ...choice, sort: value === "name" ? "name" : "trouble" })}
      />
    </form>
  );
}
