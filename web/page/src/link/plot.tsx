// SPDX-License-Identifier: Apache-2.0
// uPlot in the page: lines with a band from low to high, zoomed by dragging.

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

import type { Span } from "../api/links";
import { zoneHours } from "../parts/format";
import type { Language } from "../parts/language";
import type { Words } from "../parts/words";
import { columnsOf, isRare, valueWords } from "./lines";
import type { Line } from "./lines";

export interface PlotProps {
  lines: Line[];
  span: Span;
  zone: string;
  language: Language;
  common: Words;
  theme: number;
  zoom: (span: Span) => void;
  point: (index: number | null) => void;
}

const high = 260;
const leastZoomS = 300;
const tones = ["--brand", "--degraded"]; // told apart by dashes, too
const bandAlpha = "33";

function timeWords(second: number, wide: boolean, props: PlotProps): string {
  const then = new Date((second + (zoneHours[props.zone] ?? 8) * 3600) * 1000);
  if (wide) return `${then.getUTCDate()} ${props.common.months[then.getUTCMonth()] ?? ""}`;
  const two = (value: number) => String(value).padStart(2, "0");
  return two(then.getUTCHours()) + props.common.timeDot + two(then.getUTCMinutes());
}

function seriesOf({ metric }: Line, place: number, tone: string): uPlot.Series[] {
  const hidden: uPlot.Series = { stroke: "transparent", points: { show: false } };
  const middle: uPlot.Series = {
    stroke: tone,
    width: 2,
    points: isRare(metric) ? { show: true, size: 6, fill: tone } : { show: false },
    spanGaps: isRare(metric),
  };
  if (place > 0) middle.dash = [6, 4];
  return [hidden, middle, { ...hidden }];
}

function splitsOf(span: Span, zone: string): number[] {
  const offset = (zoneHours[zone] ?? 8) * 3600;
  const wanted = (span.to - span.from) / 6;
  const steps = [60, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 432000];
  const step = steps.find((one) => one >= wanted) ?? 864000;
  const splits: number[] = [];
  for (let at = Math.ceil((span.from + offset) / step) * step - offset; at <= span.to; at += step)
    splits.push(at);
  return splits;
}

function axesOf(props: PlotProps, look: (name: string) => string): uPlot.Axis[] {
  const metric = props.lines[0]?.metric ?? "rtt";
  const wide = props.span.to - props.span.from > 3 * 86400;
  const shared = { stroke: look("--soft"), grid: { stroke: look("--edge"), width: 1 } };
  const ticks = { show: false };

  return [
    {
      ...shared,
      ticks,
      splits: () => splitsOf(props.span, props.zone),
      values: (_plot, splits) => splits.map((second) => timeWords(second, wide, props)),
    },
    {
      ...shared,
      ticks,
      size: 84,
      values: (_plot, splits) => splits.map((value) => valueWords(metric, value, props.language)),
    },
  ];
}

function optionsOf(props: PlotProps, width: number, style: CSSStyleDeclaration): uPlot.Options {
  const look = (name: string) => style.getPropertyValue(name).trim();
  const tone = (place: number) => look(tones[place] ?? "--brand");

  return {
    width,
    height: high,
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: false, range: () => [props.span.from, props.span.to] },
      y: { range: (_plot, _low, most) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: axesOf(props, look),
    series: [{}, ...props.lines.flatMap((line, place) => seriesOf(line, place, tone(place)))],
    bands: props.lines.map((_line, place) => ({
      series: [3 * place + 3, 3 * place + 1],
      fill: tone(place) + bandAlpha,
    })),
    hooks: {
      setCursor: [(plot) => props.point(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const from = Math.floor(plot.posToVal(plot.select.left, "x"));
          const to = Math.ceil(plot.posToVal(plot.select.left + plot.select.width, "x"));
          if (plot.select.width > 4 && to - from >= leastZoomS) props.zoom({ from, to });
        },
      ],
    },
  };
}

export function Plot(props: PlotProps) {
  const holder = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const box = holder.current;
    if (!box) return undefined;
    const options = optionsOf(props, box.clientWidth, getComputedStyle(box));
    const plot = new uPlot(options, columnsOf(props.lines) as uPlot.AlignedData, box);
    const observer = new ResizeObserver(() => {
      plot.setSize({ width: box.clientWidth, height: high });
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [props.lines, props.language, props.theme]);
  return <div class="plot" ref={holder} aria-hidden="true" />;
}
