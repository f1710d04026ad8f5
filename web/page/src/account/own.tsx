// SPDX-License-Identifier: Apache-2.0
// One's own account: another password.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { AskError } from "../api/ask";
import { changePassword } from "../api/users";
import { useWords } from "../parts/language";
import { Why } from "../parts/problem";
import type { ViewProps } from "../shell/routes";
import { words as shellWords } from "../shell/words";
import { words } from "./own-words";

const lengthMin = 12;
const lengthMax = 128;

function Secret(props: { label: string; name: string; kind: "current" | "new" }) {
  return (
    <label>
      <span>{props.label}</span>
      <input
        type="password"
        name={props.name}
        required
        minLength={props.kind === "new" ? lengthMin : 1}
        maxLength={lengthMax}
        autocomplete={props.kind === "new" ? "new-password" : "current-password"}
      />
    </label>
  );
}

export function OwnView({ session }: ViewProps) {
  const w = useWords(words);
  const shell = useWords(shellWords);
  const [problem, setProblem] = useState<ComponentChildren>("");
  const [said, say] = useState("");
  const [busy, setBusy] = useState(false);

  const problemOf = (error: unknown) =>
    error instanceof AskError && error.code === "credentials" ? w.wrong : <Why of={error} />;
  const submit = async (event: Event) => {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    const [old, fresh, again] = ["old", "new", "again"].map((name) => String(form.get(name)));
    say("");
    setProblem(fresh === again ? "" : w.different);
    if (fresh !== again) return;
    setBusy(true);
    try {
      await changePassword(old ?? "", fresh ?? "");
      element.reset();
      say(w.done);
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };
  return (
    <div class="own-page">
      <h1>
        {w.title}
        <span class="under">
          {w.who(session.user ?? "", shell.roles[session.role] ?? session.role)}
        </span>
      </h1>
      <form class="card own-form" onSubmit={(event) => void submit(event)}>
        <h2>{w.change}</h2>
        <p class="soft">{w.hint}</p>
        <Secret label={w.old} name="old" kind="current" />
        <Secret label={w.fresh} name="new" kind="new" />
        <Secret label={w.again} name="again" kind="new" />
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={busy}>
          {w.save}
        </button>
        <p role="status" class="own-done">
          {said}
        </p>
      </form>
    </div>
  );
}
