// SPDX-License-Identifier: Apache-2.0
// The links where they are, and the same as a table below.

import { useCallback, useState } from "preact/hooks";

import type { Link } from "../api/desa";
import type { Session } from "../api/session";
import { useLive } from "../live/context";
import { decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { anything, byTrouble, matches } from "../wall/choice";
import type { Choice } from "../wall/choice";
import { Details } from "../wall/details";
import { Filters } from "../wall/filters";
import { LinkTable } from "../wall/link-table";
import { Overview } from "../wall/overview";
import type { Mark } from "./clusters";
import { hasPosition, LeafletMap } from "./leaflet-map";
import { words } from "./words";

const mostDetails = 30;

function Chosen(props: { links: Link[] }) {
  const w = useWords(words);
  const language = useLanguage();
  const [first] = props.links;

  if (!first) return null;
  return (
    <aside class="side map-side" aria-label={w.list}>
      {props.links.length > 1 && (
        <h2>{w.together(decimal(props.links.length, 0, language))}</h2>
      )}
      {props.links.slice(0, mostDetails).map((link) => (
        <Details key={link.link} link={link} full />
      ))}
    </aside>
  );
}

export function MapView(props: { session: Session }) {
  const live = useLive();
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const [choice, setChoice] = useState<Choice>(anything);
  const [chosen, choose] = useState<number[]>([]);
  const wanted = useCallback((link: Link) => matches(link, choice), [choice]);
  const placed = live.links.filter(hasPosition).length;

  if (live.loads === 0) return <p class="message">{common.loading}</p>;
  return (
    <div class="map-page">
      <h1 class="hidden">{w.title}</h1>
      <Overview links={live.links} choice={choice} setChoice={setChoice} />
      <div class="bar">
        <Filters choice={choice} setChoice={setChoice} sortable={false} />
      </div>
      {placed === 0 ? (
        <div class="message">
          <p>{w.none}</p>
          <p class="soft">{w.noneHint}</p>
        </div>
      ) : (
        <div class="map-body">
          <LeafletMap
            session={props.session}
            theme={document.documentElement.dataset["theme"] ?? ""}
            wanted={wanted}
            choose={(mark: Mark) => choose(mark.links.map((link) => link.link))}
          />
          <Chosen links={live.links.filter((link) => chosen.includes(link.link)).sort(byTrouble)} />
        </div>
      )}
      {placed > 0 && placed < live.links.length && (
        <p class="soft">{w.without(decimal(live.links.length - placed, 0, language))}</p>
      )}
      <h2>{common.table}</h2>
      <LinkTable choice={choice} clear={() => setChoice(anything)} />
    </div>
  );
}
