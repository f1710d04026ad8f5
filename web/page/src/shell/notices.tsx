// SPDX-License-Identifier: Apache-2.0
// What is wrong with the page's connection or with the machinery behind it; and the banner.

import type { Part } from "../api/health";
import { useNow } from "../live/context";
import type { Snapshot } from "../live/live";
import { duration } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { words } from "./words";

export function Banner(props: { text: string | null }) {
  return props.text ? <p class="banner">{props.text}</p> : null;
}

function Lost(props: { since: number; retry: () => void }) {
  const w = useWords(words);
  const age = duration((Math.max(useNow(), Date.now()) - props.since) / 1000, useCommon());

  return (
    <div class="notice notice-lost" role="status">
      <p>{w.lost(age)}</p>
      <button type="button" onClick={props.retry}>
        {w.retry}
      </button>
    </div>
  );
}

function Faults(props: { parts: Part[] }) {
  const w = useWords(words);

  return (
    <div class="notice notice-fault" role="status">
      <p>{w.faults}</p>
      <ul>
        {props.parts.map((part) => (
          <li key={part.name} title={part.words}>
            {w.parts[part.name] ?? part.name}
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

export function Notices(props: { snapshot: Snapshot; retry: () => void }) {
  const { connection, lostSince, health } = props.snapshot;
  const faults = visibleFaults(health?.parts ?? []);

  return (
    <>
      {lostSince !== null && connection !== "live" && (
        <Lost since={lostSince} retry={props.retry} />
      )}
      {faults.length > 0 && <Faults parts={faults} />}
    </>
  );
}
