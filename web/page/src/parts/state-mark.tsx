// SPDX-License-Identifier: Apache-2.0
import type { Shown } from "../live/shown";
import { shapes } from "./shapes";

export function StateMark(props: { state: Shown }) {
  const { fill, cut, line, dashed } = shapes[props.state];

  return (
    <svg class={`shape state-${props.state}`} viewBox="0 0 16 16" aria-hidden="true">
      {fill && <path d={fill} class="fill" />}
      {cut && <path d={cut} class="cut" />}
      {line && <path d={line} class={dashed ? "line dashes" : "line"} />}
    </svg>
  );
}
