// SPDX-License-Identifier: Apache-2.0
// An exclusion entered by hand. Its times are meant in the zone of the links that it reaches.

import { useState } from "preact/hooks";

import { proposeExclusion } from "../api/incidents";
import type { Session } from "../api/session";
import { useCommon, useWords } from "../parts/language";
import { FormProblem } from "../parts/problem";
import { Select } from "../parts/select";
import { nowhere, reachOf, ScopeFields } from "./scope-fields";
import type { Places } from "./scope-fields";
import { words } from "./words";

const noteMax = 190;

function TimeField(props: { label: string; name: string }) {
  return (
    <label>
      <span>{props.label}</span>
      <input type="datetime-local" name={props.name} required />
    </label>
  );
}

export function Propose(props: { session: Session; done: () => void }) {
  const { session } = props;
  const w = useWords(words);
  const common = useCommon();
  const start: Places = { ...nowhere, kabupaten: session.kabupaten ?? "" };
  const [places, setPlaces] = useState(start);
  const [reason, setReason] = useState("maintenance");
  const [said, say] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const reach = reachOf(places);

  const submit = async (event: Event) => {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    if (!reach) return;
    say("");
    setProblem(null);
    try {
      const [from, to, note] = [text("from"), text("to"), text("note")];
      await proposeExclusion({ ...reach, reason, from, to, note });
      element.reset();
      setPlaces(start);
      say(w.sent);
      props.done();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <details class="card propose">
      <summary>{w.propose}</summary>
      <form onSubmit={(event) => void submit(event)}>
        <p class="soft">{w.proposeHint}</p>
        <div class="fields">
          <ScopeFields session={session} places={places} set={setPlaces} />
        </div>
        <div class="fields">
          <Select
            label={w.reason}
            value={reason}
            items={Object.entries(w.reasons)}
            all={null}
            choose={setReason}
          />
          <TimeField label={w.from} name="from" />
          <TimeField label={w.to} name="to" />
          <label>
            <span>{w.note}</span>
            <input name="note" required maxLength={noteMax} autocomplete="off" />
          </label>
        </div>
        <FormProblem of={problem} />
        <button type="submit" class="primary" disabled={!reach}>
          {common.send}
        </button>
      </form>
      <p class="soft" role="status">
        {said}
      </p>
    </details>
  );
}
