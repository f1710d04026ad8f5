// SPDX-License-Identifier: Apache-2.0
// A button that opens a line for a word and sends it: revoking, answering, objecting.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { DocumentField } from "./document-field";
import { useCommon } from "./language";
import { FormProblem } from "./problem";

const noteMax = 190;

export function NoteForm(props: {
  name: string; // of the button
  label: string; // of the line
  send: (note: string, document: string) => Promise<void>;
  done: () => void;
  document?: string; // label of a document that may go with it
  documentOnly?: boolean; // nothing but that
}) {
  const common = useCommon();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [document, setDocument] = useState("");
  const first = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => {
    if (open) first.current?.focus();
  }, [open]);
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem(null);
    try {
      await props.send(String(form.get("note") ?? "").trim(), document);
      setOpen(false);
      props.done();
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="row-action" aria-expanded={open} onClick={() => setOpen(!open)}>
        {props.name}
      </button>
      {open && (
        <form class="note-form" onSubmit={(event) => void submit(event)}>
          {!props.documentOnly && (
            <label>
              <span>{props.label}</span>
              <input name="note" required maxLength={noteMax} autocomplete="off" ref={first} />
            </label>
          )}
          {props.document && (
            <DocumentField
              label={props.document}
              value={document}
              set={setDocument}
              required={props.documentOnly ?? false}
            />
          )}
          <FormProblem of={problem} />
          <button type="submit" class="primary" disabled={busy}>
            {common.send}
          </button>
          <button type="button" onClick={() => setOpen(false)}>
            {common.cancel}
          </button>
        </form>
      )}
    </>
  );
}
