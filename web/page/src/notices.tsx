// SPDX-License-Identifier: Apache-2.0
// What is wrong with the page's connection or with the machinery behind it.

import type { Part } from "./api";
import { duration } from "./format";
import type { Snapshot } from "./live";
import type { Words } from "./words";

function Lost(props: { since: number; now: number; retry: () => void; words: Words }) {
  const age = duration((Math.max(props.now, Date.now()) - props.since) / 1000, props.words);

  return (
    <div class="notice notice-lost" role="status">
      <p>{props.words.lost(age)}</p>
      <button type="button" onClick={props.retry}>
        {props.words.retry}
      </button>
    </div>
  );
}

function Faults(props: { parts: Part[]; words: Words }) {
  return (
    <div class="notice notice-fault" role="status">
      <p>{props.words.faults}</p>
      <ul>
        {props.parts.map((part) => (
          <li key={part.name} title={part.words}>
            {props.words.parts[part.name] ?? part.name}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** While the receiver does not answer, what hangs on it is not known: saying so would repeat it. */
function visibleFaults(parts: Part[]): Part[] {
  const faults = parts.filter((part) => !part.ok);
  const noIngest = faults.some((part) => part.name === "ingest");
  return faults.filter((part) => !noIngest || !["journal", "lag"].includes(part.name));
}

export function Notices(props: {
  snapshot: Snapshot;
  retry: () => void;
  now: number;
  words: Words;
}) {
  const { connection, lostSince, health } = props.snapshot;
  const faults = visibleFaults(health?.parts ?? []);

  return (
    <>
      {lostSince !== null && connection !== "live" && (
        <Lost since={lostSince} now={props.now} retry={props.retry} words={props.words} />
      )}
      {faults.length > 0 && <Faults parts={faults} words={props.words} />}
    </>
  );
}
