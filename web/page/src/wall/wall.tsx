// SPDX-License-Identifier: Apache-2.0
// Every desa of the province at one look, live; the same as a table.

import { useEffect, useState } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive } from "../live/context";
import { useCommon, useWords } from "../parts/language";
import { setQuery } from "../shell/router";
import { anything, choiceOf, isChoosing, queryOf } from "./choice";
import type { Choice } from "./choice";
import { CanvasView } from "./canvas-view";
import { Filters } from "./filters";
import { LinkTable } from "./link-table";
import { Overview } from "./overview";
import { leaveScreen, useScreen } from "./screen";
import { Side } from "./side";
import { words } from "./words";

const settleMs = 300; // what is typed goes to the address when it rests

function useChoice(query: URLSearchParams): [Choice, (choice: Choice) => void] {
  const [choice, set] = useState(() => choiceOf(query));

  useEffect(() => {
    const timer = setTimeout(() => setQuery(queryOf(choice)), settleMs);
    return () => clearTimeout(timer);
  }, [choice]);
  return [choice, set];
}

function Zoom(props: { zoom: number; set: (zoom: number) => void }) {
  const w = useWords(words);

  return (
    <div class="zoom" role="group">
      <button type="button" aria-label={w.smaller} onClick={() => props.set(props.zoom - 2)}>
        −
      </button>
      <button type="button" aria-label={w.fit} title={w.fit} onClick={() => props.set(0)}>
        ▢
      </button>
      <button type="button" aria-label={w.larger} onClick={() => props.set(props.zoom + 2)}>
        +
      </button>
    </div>
  );
}

function Modes(props: { table: boolean }) {
  const w = useWords(words);
  const common = useCommon();

  return (
    <div class="modes" role="group">
      <button
        type="button"
        aria-pressed={!props.table}
        onClick={() => setQuery({ tampilan: "" })}
      >
        {w.wall}
      </button>
      <button
        type="button"
        aria-pressed={props.table}
        onClick={() => setQuery({ tampilan: "tabel" })}
      >
        {common.table}
      </button>
    </div>
  );
}

function Empty() {
  const live = useLive();
  const w = useWords(words);
  const common = useCommon();

  if (live.loads === 0) return <p class="message">{common.loading}</p>;
  return (
    <div class="message">
      <h1>{w.noLinks}</h1>
      <p>{w.noLinksHint}</p>
    </div>
  );
}

export function Wall(props: { query: URLSearchParams }) {
  const live = useLive();
  const w = useWords(words);
  const [choice, setChoice] = useChoice(props.query);
  const [zoom, setZoom] = useState(0);
  const [chosen, choose] = useState<number | null>(null);
  const table = props.query.get("tampilan") === "tabel";
  const screen = useScreen(props.query.has("layar"));
  const link = live.links.find((one: Link) => one.link === chosen);

  if (live.links.length === 0) return <Empty />;
  return (
    <div class={table && !screen ? "" : "wall-fill"}>
      <h1 class="hidden">{w.title}</h1>
      <Overview links={live.links} choice={choice} setChoice={setChoice} />
      {!screen && (
        <div class="bar">
          <Filters choice={choice} setChoice={setChoice} sortable={table} />
          {isChoosing(choice) && (
            <button type="button" class="quiet" onClick={() => setChoice(anything)}>
              {w.clearFilters}
            </button>
          )}
          <div class="bar-end">
            {!table && <Zoom zoom={zoom} set={setZoom} />}
            <Modes table={table} />
            <button type="button" class="only-wide" onClick={() => setQuery({ layar: "1" })}>
              {w.screen}
            </button>
          </div>
        </div>
      )}
      {screen && (
        <button type="button" class="quiet leave-screen" onClick={leaveScreen}>
          {w.leaveScreen}
        </button>
      )}
      {table && !screen ? (
        <LinkTable choice={choice} clear={() => setChoice({ ...anything, sort: choice.sort })} />
      ) : (
        <div class="wall-body">
          <CanvasView
            choice={choice}
            zoom={zoom}
            theme={document.documentElement.dataset["theme"] ?? ""}
            chosen={link}
            choose={(one) => choose(one.link)}
          />
          <Side
            choice={choice}
            chosen={link}
            choose={(one) => choose(one.link)}
            close={() => choose(null)}
          />
        </div>
      )}
    </div>
  );
}
