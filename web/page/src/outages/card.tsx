// SPDX-License-Identifier: Apache-2.0
// One incident: where, since when, why, who takes care of it, what was said.

import { useState } from "preact/hooks";

import type { Incident } from "../api/incidents";
import type { Role } from "../api/session";
import { useNow } from "../live/context";
import { clockTime, decimal, duration, properName } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import { linkPath } from "../shell/paths";
import { Actions } from "./actions";
import { markOf, shownMarks } from "./marks";
import { Members } from "./members";
import { words } from "./words";

const zone = "WITA";

function useTimes(): (iso: string) => string {
  const now = useNow();
  const common = useCommon();

  return (iso) => `${clockTime(iso, zone, now, common)} ${zone}`;
}

function When({ incident }: { incident: Incident }) {
  const w = useWords(words);
  const common = useCommon();
  const now = useNow();
  const time = useTimes();
  const { from, to } = incident;
  const long = duration(((to ? Date.parse(to) : now) - Date.parse(from)) / 1000, common);

  return <p>{to ? w.span(time(from), time(to), long) : w.from(time(from), long)}</p>;
}

function Counts({ incident }: { incident: Incident }) {
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const number = (value: number) => decimal(value, 0, language);
  const parts: string[] = [];
  if (incident.scope !== "link") {
    parts.push(w.villages(number(incident.links)));
    if (!incident.to) parts.push(w.lasting(number(incident.lasting)));
    if (incident.silent) parts.push(w.silent(number(incident.silent)));
  }
  if (incident.cause) parts.push(common.causes[incident.cause] ?? incident.cause);
  if (markOf(incident) === "silent") parts.push(w.allSilent);

  return parts.length > 0 ? <p class="incident-counts">{parts.join(" · ")}</p> : null;
}

function Name({ incident }: { incident: Incident }) {
  const w = useWords(words);
  const name = properName(incident.place_name ?? incident.place ?? "");
  const path = incident.scope === "link" ? linkPath(Number(incident.id.split("-")[0])) : null;
  const text = w.scopes[incident.scope](name);

  return <h3>{path ? <a href={path}>{text}</a> : text}</h3>;
}

function Said({ incident }: { incident: Incident }) {
  const w = useWords(words);
  const time = useTimes();
  const { acknowledged, tickets, remarks } = incident;

  return (
    <>
      <p class="incident-care">
        {acknowledged
          ? w.acknowledged(acknowledged.by, time(acknowledged.at))
          : !incident.to && <span class="incident-nobody">{w.nobody}</span>}
        {tickets.length > 0 && <span class="incident-ticket">{w.ticket(tickets.join(", "))}</span>}
      </p>
      {remarks.length > 0 && (
        <ul class="remarks">
          {remarks.map((remark) => (
            <li key={`${remark.by}${remark.at}${remark.note ?? ""}`}>
              <span class="under">{w.said(remark.by, time(remark.at))}</span>
              {remark.note || w.took}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Card(props: { incident: Incident; role: Role; reload: () => void }) {
  const { incident } = props;
  const w = useWords(words);
  const [open, setOpen] = useState(false);
  const mark = markOf(incident);

  return (
    <li class={`incident state-${shownMarks[mark]}`}>
      <div class="incident-head">
        <span class="badge">
          <StateMark state={shownMarks[mark]} />
          {w.marks[mark]}
        </span>
        <Name incident={incident} />
      </div>
      <When incident={incident} />
      <Counts incident={incident} />
      <Said incident={incident} />
      <Actions incident={incident} role={props.role} reload={props.reload} />
      {incident.scope !== "link" && (
        <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? w.hideMembers : w.members}
        </button>
      )}
      {open && <Members incident={incident} />}
    </li>
  );
}
