// SPDX-License-Identifier: Apache-2.0
// What is known of an item: in a sentence, and where to look further.

import { useState } from "preact/hooks";

import { settle } from "../api/decisions";
import type { Item } from "../api/decisions";
import { fetchExplanation } from "../api/explain";
import { words as explainWords } from "../link/explain-words";
import { sentencesOf, verdictOf } from "../link/explanation";
import { duration, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { NoteForm } from "../parts/note-form";
import { Problem } from "../parts/problem";
import { useAsked } from "../parts/use-asked";
import type { Words } from "../parts/words";
import { linkPath } from "../shell/paths";
import { words } from "./words";
import type { DecideWords } from "./words";

const bootDigits = 8; // by which people name a device

/** The second that matters most, to be looked at. */
export function momentOf(item: Item): string {
  return item.spans[0]?.from ?? item.from;
}

export function sentenceOf(item: Item, w: DecideWords, common: Words): string {
  const cause = (name: string | null) => common.causes[name ?? ""] ?? name ?? "";
  const most = item.spans[0];
  switch (item.kind) {
    case "undetermined": {
      if (!most) return "";
      const seconds = (Date.parse(most.to) - Date.parse(most.from)) / 1000;
      return w.undetermined(item.spans.length, duration(seconds, common), cause(most.cause));
    }
    case "power-gap":
      return w.powerGap;
    case "outage":
      return w.outage(cause(item.cause));
    case "dispute":
      return w.dispute(item.number ?? 0);
    case "exclusion":
      return w.exclusion(item.by ?? "", item.note ?? "");
    case "objection":
      return w.objection(item.by ?? "", item.note ?? "");
    case "witness":
      return w.witness[item.number ?? 0] ?? "";
    default:
      return w.contractGap;
  }
}

/** The link's page at that moment, with the month open. */
function placeOf(item: Item): string | null {
  const path = item.link === null ? null : linkPath(item.link);
  if (!path) return null;
  const at = momentOf(item);
  const month = new Date(Date.parse(at) + 8 * 3600000).toISOString().slice(0, 7);
  return `${path}?bulan=${month}&saat=${at}`;
}

function Why(props: { link: number; at: string }) {
  const w = useWords(explainWords);
  const common = useCommon();
  const { answer, problem } = useAsked(() => fetchExplanation(props.link, props.at), [props.at]);

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="soft">{common.loading}</p>;
  return (
    <div class="why" role="status">
      <strong>{verdictOf(answer, w)}</strong>
      <ul>
        {sentencesOf(answer, w, common).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}

function Devices(props: { item: Item; zone: string; may: boolean; done: () => void }) {
  const { item, zone } = props;
  const w = useWords(words);
  const common = useCommon();
  const time = (iso: string) => wholeTime(iso, zone, common);
  const choose = (accept: string) => async (note: string) =>
    settle({ agent: item.number ?? 0, from: item.from, to: item.to ?? "", accept, note });

  return (
    <ul class="devices">
      {item.devices.map((device) => {
        const boot = device.boot.slice(0, bootDigits);
        const by = [device.wan, device.address].filter(Boolean).join(" ");
        return (
          <li key={device.boot}>
            {w.device(boot, device.slots, time(device.from), time(device.to), by)}{" "}
            {props.may && item.dismissal === null && (
              <NoteForm
                name={w.settleThis(boot)}
                label={w.note}
                send={choose(device.boot)}
                done={props.done}
              />
            )}
          </li>
        );
      })}
      {props.may && item.dismissal === null && (
        <li>
          <NoteForm
            name={w.settleNone}
            label={w.note}
            send={choose("none")}
            done={props.done}
          />
        </li>
      )}
    </ul>
  );
}

export function Evidence(props: {
  item: Item;
  zone: string;
  mine: boolean;
  may: boolean; // decide
  done: () => void;
}) {
  const { item } = props;
  const w = useWords(words);
  const common = useCommon();
  const [open, setOpen] = useState(false);
  const place = placeOf(item);

  return (
    <>
      <span class="evidence-words">{sentenceOf(item, w, common)}</span>
      {item.kind === "witness" && <span class="under">{item.evidence}</span>}
      {item.kind === "exclusion" && (
        <span class="under">{props.mine ? w.yours : w.secondNeeded}</span>
      )}
      {item.kind === "dispute" && (
        <Devices item={item} zone={props.zone} may={props.may} done={props.done} />
      )}
      {place && (
        <span class="evidence-links">
          <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {w.why}
          </button>
          <a href={place}>{w.look}</a>
        </span>
      )}
      {open && item.link !== null && <Why link={item.link} at={momentOf(item)} />}
    </>
  );
}
