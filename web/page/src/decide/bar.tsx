// SPDX-License-Identifier: Apache-2.0
// What is decided of all that is chosen, in one go.

import { useState } from "preact/hooks";

import type { Item } from "../api/decisions";
import type { Session } from "../api/session";
import { DocumentField, isDocument } from "../parts/document-field";
import { decimal } from "../parts/format";
import { useLanguage, useWords } from "../parts/language";
import { Select } from "../parts/select";
import { actionsForAll } from "./actions";
import type { Action, Word } from "./actions";
import { words } from "./words";

const noteMax = 190;
const proposable = ["force-majeure", "customer"]; // of time that is over

export function Bar(props: {
  items: Item[];
  session: Session;
  busy: boolean;
  decide: (action: Action, word: Word) => void;
  clear: () => void;
}) {
  const { items, session, busy } = props;
  const w = useWords(words);
  const language = useLanguage();
  const [wanted, setWanted] = useState<string>("");
  const [note, setNote] = useState("");
  const [reason, setReason] = useState("force-majeure");
  const [document, setDocument] = useState("");
  const actions = actionsForAll(items, session);
  const action = actions.find((one) => one === wanted) ?? actions[0];
  const confirms = action === "confirm";

  const submit = (event: Event) => {
    event.preventDefault();
    if (action) props.decide(action, { note: note.trim(), reason, document });
    setNote("");
  };
  if (items.length === 0) return <p class="decide-bar soft">{w.chosenNone}</p>;
  return (
    <form class="decide-bar card" onSubmit={submit} aria-label={w.action}>
      <p class="decide-count" role="status">
        {w.chosen(decimal(items.length, 0, language))}
      </p>
      {action ? (
        <>
          <Select
            label={w.action}
            value={action}
            items={actions.map((one) => [one, w.actions[one]])}
            all={null}
            choose={setWanted}
          />
          {action === "exclude" && (
            <Select
              label={w.reason}
              value={reason}
              items={proposable.map((one) => [one, w.reasons[one] ?? one])}
              all={null}
              choose={setReason}
            />
          )}
          {confirms ? (
            <DocumentField label={w.document} value={document} set={setDocument} required />
          ) : (
            <label class="decide-note">
              <span>{w.note}</span>
              <input
                required
                maxLength={noteMax}
                autocomplete="off"
                value={note}
                onInput={(event) => setNote(event.currentTarget.value)}
              />
            </label>
          )}
          <button
            type="submit"
            class="primary"
            disabled={busy || (confirms ? !isDocument(document) : !note.trim())}
          >
            {w.decide}
          </button>
          <p class="soft decide-hint">{w.actionHints[action]}</p>
        </>
      ) : (
        <p class="hint">{w.mixed}</p>
      )}
      <button type="button" class="quiet" onClick={props.clear}>
        {w.unchoose}
      </button>
    </form>
  );
}
