// SPDX-License-Identifier: Apache-2.0
// What to show: by words, kabupaten and provider.

import { useMemo } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive } from "../live/context";
import { properName } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { Select } from "../parts/select";
import { options } from "./choice";
import type { Choice } from "./choice";
import { words } from "./words";

function usePlaces(links: Link[], loads: number) {
  return useMemo(() => {
    const kabupaten = options(links, (link) => [
      link.kabupaten,
      properName(link.kabupaten_name ?? link.kabupaten),
    ]);
    return { kabupaten, providers: options(links, (link) => [link.provider, link.provider]) };
  }, [loads]);
}

interface Props {
  choice: Choice;
  setChoice: (choice: Choice) => void;
  sortable: boolean;
}

/** Hundreds of kabupaten are not compared with each event: the same nodes are given again. */
export function Filters(props: Props) {
  const { links, loads } = useLive();
  const places = usePlaces(links, loads);

  return useMemo(
    () => <Form {...props} places={places} />,
    [props.choice, props.sortable, places],
  );
}

function Form(props: Props & { places: ReturnType<typeof usePlaces> }) {
  const { choice, setChoice } = props;
  const { kabupaten, providers } = props.places;
  const w = useWords(words);
  const common = useCommon();

  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="wide">
        <span>{w.search}</span>
        <input
          type="search"
          value={choice.text}
          placeholder={w.searchHint}
          onInput={(event) => setChoice({ ...choice, text: event.currentTarget.value })}
        />
      </label>
      {(kabupaten.length > 1 || choice.kabupaten) && (
        <Select
          label={common.kabupaten}
          value={choice.kabupaten}
          items={kabupaten}
          all={common.all}
          choose={(value) => setChoice({ ...choice, kabupaten: value })}
        />
      )}
      {(providers.length > 1 || choice.provider) && (
        <Select
          label={common.provider}
          value={choice.provider}
          items={providers}
          all={common.all}
          choose={(value) => setChoice({ ...choice, provider: value })}
        />
      )}
      {props.sortable && (
        <Select
          label={w.sort}
          value={choice.sort}
          items={[
            ["trouble", w.sortTrouble],
            ["name", w.sortName],
          ]}
          all={null}
          choose={(value) => setChoice({ ...choice, sort: value === "name" ? "name" : "trouble" })}
        />
      )}
    </form>
  );
}
