// SPDX-License-Identifier: Apache-2.0
// A state as a shape: told apart without colour, and without reading.

import type { State } from "./api";

const shapes: Record<State, preact.JSX.Element> = {
  up: (
    <>
      <circle cx="8" cy="8" r="7" class="fill" />
      <path d="m4.8 8.2 2.2 2.3 4.2-4.8" class="cut" />
    </>
  ),
  down: (
    <>
      <rect x="1" y="1" width="14" height="14" rx="2.5" class="fill" />
      <path d="m5 5 6 6m0-6-6 6" class="cut" />
    </>
  ),
  unknown: (
    <>
      <path d="M8 .8 15.2 8 8 15.2.8 8Z" class="fill" />
      <path d="M8 4.6v4m0 2.2v.2" class="cut" />
    </>
  ),
  silent: (
    <>
      <circle cx="8" cy="8" r="6.2" class="line dashes" />
      <path d="M5 8h.1M8 8h.1M11 8h.1" class="line" />
    </>
  ),
  excluded: (
    <>
      <rect x="1.8" y="1.8" width="12.4" height="12.4" rx="6.2" class="line" />
      <path d="M6.2 5.4v5.2m3.6-5.2v5.2" class="line" />
    </>
  ),
  never: <circle cx="8" cy="8" r="6.2" class="line" />,
};

export function StateMark(props: { state: State }) {
  return (
    <svg class={`shape state-${props.state}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[props.state]}
    </svg>
  );
}
