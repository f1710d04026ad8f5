// SPDX-License-Identifier: Apache-2.0
// What the NOC does with an incident: take care, say something, give it a ticket, propose that its
// time shall not count.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { acknowledge, assignTicket, comment, proposeExclusion } from "../api/incidents";
import type { Incident, NewExclusion } from "../api/incidents";
import type { Role } from "../api/session";
import { useWords } from "../parts/language";
import { FormProblem } from "../parts/problem";
import { Select } from "../parts/select";
import { words } from "./words";

type What = "acknowledge" | "comment" | "assign" | "exclude";

type Reach = Pick<NewExclusion, "scope" | "value">;

const desk: Role[] = ["admin", "noc"];
const staff: Role[] = ["admin", "noc", "officer"];

function mayDo(role: Role, incident: Incident): What[] {
  const can: What[] = [];
  if (desk.includes(role) && !incident.acknowledged && !incident.to) can.push("acknowledge");
  if (staff.includes(role)) can.push("comment");
  if (desk.includes(role)) can.push("assign");
  if (desk.includes(role) && scopeOf(incident)) can.push("exclude");
  return can;
}

/** What an exclusion of it reaches; null: several providers at once are no contract's matter. */
function scopeOf(incident: Incident): Reach | null {
  const { scope, place, id } = incident;
  if (scope === "link") return { scope, value: Number(id.split("-")[0]) };
  return scope === "all" || !place ? null : { scope, value: place };
}

function send(what: What, incident: Incident, form: FormData): Promise<void> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  if (what === "acknowledge") return acknowledge(incident.id, text("note"));
  if (what === "comment") return comment(incident.id, text("note"));
  if (what === "assign") return assignTicket(incident.id, text("number"));
  const reach = scopeOf(incident);
  if (!reach) return Promise.resolve();
  const to = incident.to ?? new Date().toISOString().slice(0, 19) + "Z";
  const { from } = incident;
  return proposeExclusion({ ...reach, from, to, reason: text("reason"), note: text("note") });
}

function Form(props: {
  what: What;
  incident: Incident;
  close: () => void;
  done: (said: string) => void;
}) {
  const { what, incident } = props;
  const w = useWords(words);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState("maintenance");
  const first = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => first.current?.focus(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    form.set("reason", reason);
    setBusy(true);
    try {
      await send(what, incident, form);
      props.done(what === "exclude" ? w.proposed : w.done);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const label = what === "assign" ? w.number : what === "acknowledge" ? w.noteOptional : w.note;
  return (
    <form class="incident-form" onSubmit={(event) => void submit(event)}>
      {what === "exclude" && (
        <Select
          label={w.reason}
          value={reason}
          items={Object.entries(w.reasons)}
          all={null}
          choose={setReason}
        />
      )}
      <label>
        <span>{label}</span>
        <input
          name={what === "assign" ? "number" : "note"}
          maxLength={what === "assign" ? 60 : 190}
          required={what !== "acknowledge"}
          autocomplete="off"
          ref={first}
        />
      </label>
      <FormProblem of={problem} />
      <button type="submit" class="primary" disabled={busy}>
        {w.save}
      </button>
      <button type="button" onClick={props.close}>
        {w.cancel}
      </button>
    </form>
  );
}

export function Actions(props: { incident: Incident; role: Role; reload: () => void }) {
  const { incident } = props;
  const w = useWords(words);
  const [what, set] = useState<What | null>(null);
  const [said, say] = useState("");

  return (
    <div class="incident-actions">
      {mayDo(props.role, incident).map((one) => (
        <button
          key={one}
          type="button"
          class={one === "acknowledge" ? "primary" : ""}
          aria-expanded={what === one}
          onClick={() => {
            say("");
            set(what === one ? null : one);
          }}
        >
          {w[one]}
        </button>
      ))}
      <p class="soft incident-done" role="status">
        {said}
      </p>
      {what && (
        <Form
          key={what}
          what={what}
          incident={incident}
          close={() => set(null)}
          done={(words) => {
            set(null);
            say(words);
            props.reload();
          }}
        />
      )}
    </div>
  );
}
