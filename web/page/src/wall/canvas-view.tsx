// SPDX-License-Identifier: Apache-2.0
// The canvas of the wall in the page: its size, the mouse, the keyboard, and words for what they
// point at.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

import type { Link } from "../api/desa";
import { useLive } from "../live/context";
import { shownOf } from "../live/shown";
import { causeWords, desaName, sentence } from "../parts/describe";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { WallCanvas } from "./canvas";
import { matches } from "./choice";
import type { Choice } from "./choice";
import { Details } from "./details";
import { groupLinks } from "./groups";
import type { Ordered } from "./groups";
import { levels, levelThatFits, planOf } from "./layout";
import type { Plan } from "./layout";
import { useNotes } from "./notes";
import { words } from "./words";

const freshEveryMs = 5000; // marks of changes fade
const keyMargin = 60; // pixels kept free around the tile that a key leads to

interface Size {
  width: number;
  height: number;
}

function useSize(frame: RefObject<HTMLElement>): Size {
  const [size, set] = useState<Size>({ width: 0, height: 0 });

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => set({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return size;
}

/** Kabupaten narrows what is laid out; state, provider and words dim the rest. */
function usePlan(choice: Choice, zoom: number, size: Size): { ordered: Ordered; plan: Plan } {
  const { links, loads } = useLive();
  const { width, height } = size;
  const ordered = useMemo(
    () => groupLinks(links, (link) => !choice.kabupaten || link.kabupaten === choice.kabupaten),
    [loads, choice.kabupaten],
  );
  const { groups } = ordered;
  const fit = useMemo(() => levelThatFits(groups, width, height), [groups, width, height]);
  const level = Math.min(Math.max(fit - zoom, 0), levels.length - 1);
  const plan = useMemo(
    () => planOf(groups, width, height, level),
    [groups, width, height, level],
  );
  return { ordered, plan };
}

interface Shown {
  ordered: Ordered;
  plan: Plan;
  choice: Choice;
  theme: string;
}

/** Makes the canvas and keeps it showing what is. */
function useWall(
  canvas: RefObject<HTMLCanvasElement>,
  holder: RefObject<HTMLElement>,
  { ordered, plan, choice, theme }: Shown,
): RefObject<WallCanvas> {
  const live = useLive();
  const common = useCommon();
  const language = useLanguage();
  const wall = useRef<WallCanvas>(null);
  const notes = useNotes(plan, ordered.order);
  const said = useRef({ common, notes });
  said.current = { common, notes };

  useLayoutEffect(() => {
    if (!canvas.current || !holder.current) return;
    const made = new WallCanvas(canvas.current, holder.current, {
      words: (link) => {
        const words = said.current.common;
        return [desaName(link), causeWords(link, words) || words.states[shownOf(link)]];
      },
      note: (card) => said.current.notes[card] ?? "",
    });
    wall.current = made;
    const timer = setInterval(() => made.update([]), freshEveryMs);
    return () => {
      clearInterval(timer);
      made.close();
    };
  }, []);
  useLayoutEffect(() => wall.current?.resize(), [theme]);
  useLayoutEffect(() => {
    const all = !choice.state && !choice.provider && !choice.text.trim();
    const wanted = all ? null : (link: Link) => matches(link, { ...choice, kabupaten: "" });
    const { links, changed } = live;
    wall.current?.show({ plan, order: ordered.order, links, changed, wanted });
  }, [plan, ordered, choice, language, notes, live.loads]);
  useLayoutEffect(() => wall.current?.update(live.dirty), [live]);
  return wall;
}

function Tooltip(props: { wall: WallCanvas; position: number; frame: Size; plan: Plan }) {
  const { wall, position, plan } = props;
  const link = wall.linkAt(position);
  const at = wall.placeOf(position);

  if (!link || !at) return null;
  const left = Math.min(Math.max(0, at.x - 120), Math.max(0, props.frame.width - 290));
  const above = at.y > plan.height - 260 && at.y > 260;
  const place = above
    ? { left, top: at.y - 10, transform: "translateY(-100%)" }
    : { left, top: at.y + plan.size.height + 10 };
  return (
    <div class="tooltip" style={place}>
      <Details link={link} full={false} />
    </div>
  );
}

/** Scrolls the frame so far that the tile is in it. */
function reveal(frame: HTMLElement, place: { y: number; height: number }): void {
  const { scrollTop, clientHeight } = frame;
  if (place.y < scrollTop + keyMargin) frame.scrollTop = place.y - keyMargin;
  else if (place.y + place.height > scrollTop + clientHeight - keyMargin)
    frame.scrollTop = place.y + place.height - clientHeight + keyMargin;
}

interface Pointing {
  pointed: number;
  said: string;
  point: (position: number) => void;
  onKey: (event: KeyboardEvent) => void;
}

function usePointing(
  wall: RefObject<WallCanvas>,
  frame: RefObject<HTMLElement>,
  choose: (link: Link) => void,
): Pointing {
  const common = useCommon();
  const [pointed, point] = useState(-1);
  const [said, say] = useState("");

  const moveTo = (position: number) => {
    const place = wall.current?.placeOf(position);
    const link = wall.current?.linkAt(position);
    if (!place || !link || !frame.current) return;
    wall.current?.setCurrent(position);
    reveal(frame.current, place);
    point(position);
    say(sentence(link, Date.now(), common));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const link = wall.current?.linkAt(pointed);
    if (event.key === "Escape") point(-1);
    if (link && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      choose(link);
      return;
    }
    const position = wall.current?.keyLeads(event.key) ?? null;
    if (position === null) return;
    event.preventDefault();
    moveTo(position);
  };
  return { pointed, said, point, onKey };
}

export function CanvasView(props: {
  choice: Choice;
  zoom: number;
  theme: string;
  chosen: Link | undefined;
  choose: (link: Link) => void;
}) {
  const { choice, zoom, theme, choose } = props;
  const w = useWords(words);
  const frame = useRef<HTMLDivElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(frame);
  const { ordered, plan } = usePlan(choice, zoom, size);
  const wall = useWall(canvas, holder, { ordered, plan, choice, theme });
  const { pointed, said, point, onKey } = usePointing(wall, frame, choose);
  const { links } = useLive();

  useEffect(() => {
    const index = links.findIndex((link) => link.link === props.chosen?.link);
    wall.current?.setCurrent(index < 0 ? -1 : ordered.order.indexOf(index));
  }, [props.chosen?.link, plan]);

  return (
    <div class="wall-frame" ref={frame}>
      <div class="wall-holder" ref={holder} style={{ height: Math.max(plan.height, size.height) }}>
        <canvas
          ref={canvas}
          class="wall-canvas"
          style={{ height: Math.max(1, size.height) }}
          tabIndex={0}
          role="application"
          aria-label={w.canvas}
          aria-describedby="wall-hint"
          onKeyDown={onKey}
          onBlur={() => point(-1)}
          onMouseMove={(event) => point(wall.current?.pointAt(event) ?? -1)}
          onMouseLeave={() => point(-1)}
          onClick={(event) => {
            const link = wall.current?.linkAt(wall.current.pointAt(event));
            if (link) choose(link);
          }}
        />
        {wall.current && pointed >= 0 && (
          <Tooltip wall={wall.current} position={pointed} frame={size} plan={plan} />
        )}
      </div>
      <p id="wall-hint" class="hidden">
        {w.canvasHint}
      </p>
      <p class="hidden" role="status" aria-live="polite">
        {said}
      </p>
    </div>
  );
}
