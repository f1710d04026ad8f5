// SPDX-License-Identifier: Apache-2.0
// Measurements over any time: what, how long, zoom; the chart and its table.

import type { ComponentType } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { fetchSeries, isoTime } from "../api/links";
import type { Contract, Span } from "../api/links";
import { wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { Problem } from "../parts/problem";
import { useAsked } from "../parts/use-asked";
import { columnsOf, groups, shifted, valueWords, zoomed } from "./lines";
import type { Line } from "./lines";
import type { PlotProps } from "./plot";
import { useThemeChanges } from "./timeline-canvas";
import { words } from "./words";
import type { Group } from "./words";

const spans = [1, 7, 30]; // days

function nowS(): number {
  return Math.floor(Date.now() / 1000);
}

function lastDays(days: number): Span {
  return { from: nowS() - days * 86400, to: nowS() };
}

/** The chart's code is loaded when there is a chart to draw. */
function usePlot(): ComponentType<PlotProps> | null {
  const [loaded, set] = useState<{ Plot: ComponentType<PlotProps> } | null>(null);

  useEffect(() => {
    import("./plot").then(set, () => set(null)); // the table beneath says the same
  }, []);
  return loaded?.Plot ?? null;
}

function Choices(props: {
  group: Group;
  days: number | null;
  setGroup: (group: Group) => void;
  setDays: (days: number) => void;
}) {
  const w = useWords(words);

  return (
    <div class="chart-bar">
      <div class="modes" role="group" aria-label={w.charts}>
        {(Object.keys(groups) as Group[]).map((group) => (
          <button
            key={group}
            type="button"
            aria-pressed={group === props.group}
            onClick={() => props.setGroup(group)}
          >
            {w.groups[group]}
          </button>
        ))}
      </div>
      <div class="modes" role="group">
        {spans.map((days) => (
          <button
            key={days}
            type="button"
            aria-pressed={days === props.days}
            onClick={() => props.setDays(days)}
          >
            {w.spans[days]}
          </button>
        ))}
      </div>
    </div>
  );
}

function Zoom(props: { span: Span; setSpan: (span: Span) => void }) {
  const { span, setSpan } = props;
  const w = useWords(words);
  const moves: [string, string, () => Span][] = [
    ["◀", w.earlier, () => shifted(span, -0.5, nowS())],
    ["▶", w.later, () => shifted(span, 0.5, nowS())],
    ["+", w.zoomIn, () => zoomed(span, 0.5, nowS())],
    ["−", w.zoomOut, () => zoomed(span, 2, nowS())],
  ];

  return (
    <div class="zoom">
      {moves.map(([mark, name, move]) => (
        <button
          key={mark}
          type="button"
          aria-label={name}
          title={name}
          onClick={() => setSpan(move())}
        >
          {mark}
        </button>
      ))}
    </div>
  );
}

/** The contract beside its speeds; how the lines are told apart. */
function Legend(props: { lines: Line[]; contract: Contract | undefined }) {
  const w = useWords(words);
  const language = useLanguage();
  const { contract } = props;
  const promised = (metric: string) => {
    if (!contract || (metric !== "down" && metric !== "up")) return "";
    const kbps = metric === "down" ? contract.down_kbps : contract.up_kbps;
    return kbps ? ` · ${w.facts} ${valueWords(metric, kbps, language)}` : "";
  };

  return (
    <ul class="legend">
      {props.lines.map(({ metric }, place) => (
        <li key={metric}>
          <span class={`stroke stroke-${place}`} />
          {w.lines[metric]}
          {promised(metric)}
        </li>
      ))}
    </ul>
  );
}

function PointTable(props: { lines: Line[]; zone: string }) {
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();

  return (
    <>
      {props.lines.map(({ metric, series }) => (
        <div
          key={metric}
          class="wide-table"
          tabIndex={0}
          role="region"
          aria-label={w.lines[metric]}
        >
          <table>
            <caption>{w.lines[metric]}</caption>
            <thead>
              <tr>
                {Object.entries(w.chartColumns).map(([key, label]) => (
                  <th key={key} scope="col" class={key === "at" ? "" : "number"}>
                    {key === "middle" && props.lines.length > 1 ? w.lines[metric] : label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {series.points.map(([at, low, middle, most, count]) => (
                <tr key={at}>
                  <th scope="row">{wholeTime(isoTime(at), props.zone, common)}</th>
                  <td class="number">{valueWords(metric, low, language)}</td>
                  <td class="number">{valueWords(metric, middle, language)}</td>
                  <td class="number">{valueWords(metric, most, language)}</td>
                  <td class="number">{count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </>
  );
}

/** What lies under the pointer. */
function Reading(props: { lines: Line[]; zone: string; index: number | null }) {
  const common = useCommon();
  const language = useLanguage();
  const w = useWords(words);
  const columns = useMemo(() => columnsOf(props.lines), [props.lines]);
  const at = props.index === null ? null : columns[0]?.[props.index];

  if (props.index === null || at == null) return <p class="reading soft">{w.zoomHint}</p>;
  const values = props.lines.map(({ metric }, place) => {
    const [low, middle, most] = [1, 2, 3].map(
      (column) => columns[3 * place + column]?.[props.index ?? 0] ?? null,
    );
    const said = (value: number | null | undefined) => valueWords(metric, value ?? null, language);
    return `${said(middle)} (${said(low)} – ${said(most)})`;
  });
  return (
    <p class="reading">
      {wholeTime(isoTime(at), props.zone, common)} · <strong>{values.join(" · ")}</strong>
    </p>
  );
}

export function Charts(props: { link: number; zone: string; contract: Contract | undefined }) {
  const { link, zone } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const theme = useThemeChanges();
  const PlotOf = usePlot();
  const [group, setGroup] = useState<Group>("rtt");
  const [days, setDays] = useState<number | null>(1);
  const [span, setSpan] = useState<Span>(() => lastDays(1));
  const [index, point] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const ask = async () => {
    const series = await Promise.all(groups[group].map((m) => fetchSeries(link, m, span)));
    return { span, lines: groups[group].map((metric, i) => ({ metric, series: series[i]! })) };
  };
  const { answer, problem, busy } = useAsked(ask, [link, group, span]);
  const zoom = (to: Span) => {
    setDays(null);
    setSpan(to);
  };
  const lines = answer?.lines ?? [];
  const empty = lines.every(({ series }) => series.points.length === 0);

  return (
    <>
      <Choices
        group={group}
        days={days}
        setGroup={setGroup}
        setDays={(chosen) => {
          setDays(chosen);
          setSpan(lastDays(chosen));
        }}
      />
      <p class="soft">{w.groupHints[group]}</p>
      <Problem of={problem} />
      <div class={busy ? "plot-frame plot-busy" : "plot-frame"}>
        {answer && !empty && PlotOf && (
          <PlotOf {...{ lines, zone, language, common, theme, zoom, point }} span={answer.span} />
        )}
        {answer && empty && <p class="message">{w.noPoints}</p>}
      </div>
      <div class="chart-foot">
        <Reading lines={lines} zone={zone} index={index} />
        <Zoom span={span} setSpan={zoom} />
      </div>
      <Legend lines={lines} contract={props.contract} />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{common.table}</summary>
        {open && <PointTable lines={lines} zone={zone} />}
      </details>
    </>
  );
}
