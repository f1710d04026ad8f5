// SPDX-License-Identifier: Apache-2.0
// The timeline that is clicked, tapped, or walked through by the arrows.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Span, Stretch } from "../api/links";
import { wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { daySeconds, nextChange, pieceAt } from "./days";
import type { Day } from "./days";
import { heightOf, paint, secondAt } from "./timeline-painter";
import { words } from "./words";

export interface TimelineProps {
  days: Day[];
  stretches: Stretch[];
  span: Span;
  zone: string;
  at: number | null; // the second that is explained
  explain: (at: number) => void;
}

/** A moment in words: for those who hear the page, and under the pointer. */
export function useMoment({ days, zone }: TimelineProps): (at: number) => string {
  const w = useWords(words);
  const common = useCommon();

  return (at) => {
    const piece = pieceAt(days, at);
    const said = piece ? w.classes[piece.class] : w.nothing;
    const cause = piece?.cause ? `: ${common.causes[piece.cause] ?? piece.cause}` : "";
    const time = wholeTime(new Date(at * 1000).toISOString(), zone, common);
    return `${time} · ${said}${cause}`;
  };
}

function useWidth(holder: { current: HTMLElement | null }): number {
  const [width, set] = useState(0);

  useLayoutEffect(() => {
    const measure = () => set(holder.current?.clientWidth ?? 0);
    const observer = new ResizeObserver(measure);
    if (holder.current) observer.observe(holder.current);
    measure();
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Grows when the page becomes dark or light. */
export function useThemeChanges(): number {
  const [changes, set] = useState(0);

  useEffect(() => {
    const observer = new MutationObserver(() => set((n) => n + 1));
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => observer.disconnect();
  }, []);
  return changes;
}

function draw(canvas: HTMLCanvasElement, picture: Parameters<typeof paint>[1]): void {
  const scale = window.devicePixelRatio || 1;
  const style = getComputedStyle(canvas);
  const pen = canvas.getContext("2d");
  const high = heightOf(picture.days);
  if (!pen || picture.width === 0) return;
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(high * scale);
  canvas.style.height = `${high}px`;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  paint(pen, picture, {
    tone: (name) => style.getPropertyValue(name).trim(),
    font: `12px ${style.fontFamily}`,
  });
}

const steps: Record<string, number> = {
  ArrowLeft: -60,
  ArrowRight: 60,
  ArrowUp: -daySeconds,
  ArrowDown: daySeconds,
};

function moved(key: string, shift: boolean, at: number, props: TimelineProps): number | null {
  if (key === "Home") return props.span.from;
  if (key === "End") return props.span.to - 1;
  if (key === "PageDown") return nextChange(props.stretches, at, 1);
  if (key === "PageUp") return nextChange(props.stretches, at, -1);
  const step = steps[key];
  return step === undefined ? null : at + step * (shift && Math.abs(step) === 60 ? 30 : 1);
}

export function TimelineCanvas(props: TimelineProps) {
  const { days, span, at } = props;
  const w = useWords(words);
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [focused, setFocused] = useState(false);
  const width = useWidth(holder);
  const theme = useThemeChanges();
  const moment = useMoment(props);
  const chosen = cursor ?? at ?? span.to - 60;
  const picture = { width, days, at: focused ? chosen : (cursor ?? at), focused };

  useEffect(() => setCursor(null), [at, span.from]);
  useLayoutEffect(() => {
    if (canvas.current) draw(canvas.current, picture);
  }, [width, days, picture.at, focused, theme]);

  const find = (event: MouseEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    return box ? secondAt(event.clientX - box.left, event.clientY - box.top, picture) : null;
  };
  const onKey = (event: KeyboardEvent) => {
    const next = moved(event.key, event.shiftKey, chosen, props);
    if (event.key === "Enter" || event.key === " ") props.explain(chosen);
    else if (next !== null) setCursor(Math.min(Math.max(next, span.from), span.to - 1));
    else return;
    event.preventDefault();
  };
  return (
    <div class="timeline-holder" ref={holder}>
      <canvas
        ref={canvas}
        class="timeline"
        tabIndex={0}
        role="slider"
        aria-label={w.timelineLabel}
        aria-valuemin={span.from}
        aria-valuemax={span.to}
        aria-valuenow={chosen}
        aria-valuetext={moment(chosen)}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={onKey}
        onMouseMove={(event) => setCursor(find(event))}
        onMouseLeave={() => setCursor(null)}
        onClick={(event) => {
          const second = find(event);
          if (second !== null && second < span.to) props.explain(second);
        }}
      />
      <p class="timeline-moment" aria-hidden="true">
        {moment(chosen)}
      </p>
    </div>
  );
}
