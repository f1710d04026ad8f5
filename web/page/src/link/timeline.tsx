// SPDX-License-Identifier: Apache-2.0
// The month of a link: what the marks mean, the canvas, a time to type, the days as a table.

import { useState } from "preact/hooks";

import type { Shown } from "../live/shown";
import { zoneHours, duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import { sumsOf } from "./days";
import type { Sums } from "./days";
import { TimelineCanvas } from "./timeline-canvas";
import type { TimelineProps } from "./timeline-canvas";
import { words } from "./words";

const marks: Shown[] = ["up", "down", "unknown", "power", "silent", "excluded"];
const columns: (keyof Sums)[] = ["U", "D", "N", "E", "none"];

function Legend() {
  const common = useCommon();

  return (
    <ul class="legend">
      {marks.map((mark) => (
        <li key={mark} class={`state-${mark}`} title={common.stateHints[mark]}>
          <span class={`swatch swatch-${mark}`} />
          <StateMark state={mark} />
          {common.states[mark]}
        </li>
      ))}
    </ul>
  );
}

function DayTable({ days, span, zone }: TimelineProps) {
  const w = useWords(words);
  const common = useCommon();
  const dayName = (start: number) =>
    wholeTime(new Date(start * 1000).toISOString(), zone, common).split(" ").slice(0, 3).join(" ");

  return (
    <div class="wide-table" tabIndex={0} role="region" aria-label={w.timeline}>
      <table>
        <caption>{w.timeline}</caption>
        <thead>
          <tr>
            <th scope="col">{w.dayColumn}</th>
            {columns.map((name) => (
              <th key={name} scope="col" class="number">
                {w.classes[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day) => {
            const sums = sumsOf(day, span.to);
            return (
              <tr key={day.start}>
                <th scope="row">{dayName(day.start)}</th>
                {columns.map((name) => (
                  <td key={name} class="number">
                    {sums[name] ? duration(sums[name], common) : "–"}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A date and a time to type: on a phone a minute is narrower than a finger. */
function Pick({ span, zone, explain }: TimelineProps) {
  const w = useWords(words);
  const offset = (zoneHours[zone] ?? 8) * 3600;
  const text = (at: number) => new Date((at + offset) * 1000).toISOString().slice(0, 16);
  const [value, set] = useState("");

  return (
    <form
      class="pick"
      onSubmit={(event) => {
        event.preventDefault();
        const at = Date.parse(`${value || text(span.to - 60)}Z`) / 1000 - offset;
        if (at >= span.from && at < span.to) explain(at);
      }}
    >
      <label>
        <span>
          {w.pickTime} ({zone})
        </span>
        <input
          type="datetime-local"
          min={text(span.from)}
          max={text(span.to - 1)}
          value={value || text(span.to - 60)}
          onInput={(event) => set(event.currentTarget.value)}
        />
      </label>
      <button type="submit">{w.explain}</button>
    </form>
  );
}

export function Timeline(props: TimelineProps) {
  const w = useWords(words);
  const common = useCommon();
  const [open, setOpen] = useState(false);

  return (
    <>
      <p class="soft">{w.timelineHint}</p>
      <Legend />
      <TimelineCanvas {...props} />
      <Pick {...props} key={props.span.from} />
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{common.table}</summary>
        {open && <DayTable {...props} />}
      </details>
    </>
  );
}
