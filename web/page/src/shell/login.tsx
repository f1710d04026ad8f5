// SPDX-License-Identifier: Apache-2.0
import { useState } from "preact/hooks";

import { AskError } from "../api/ask";
import { logIn } from "../api/session";
import type { Session } from "../api/session";
import { useWords } from "../parts/language";
import { Logo } from "./logo";
import { words } from "./words";

function why(error: unknown, w: (typeof words)["id"]): string {
  const status = error instanceof AskError ? error.status : 0;
  if (status === 401 || status === 400 || status === 403) return w.wrong;
  return status === 429 ? w.throttled : w.unreachable;
}

function Password() {
  const w = useWords(words);
  const [plain, setPlain] = useState(false);

  return (
    <div class="field">
      <label for="password">{w.password}</label>
      <div class="password">
        <input
          id="password"
          name="password"
          type={plain ? "text" : "password"}
          autocomplete="current-password"
          required
        />
        <button type="button" class="quiet" aria-pressed={plain} onClick={() => setPlain(!plain)}>
          {plain ? w.hide : w.show}
        </button>
      </div>
    </div>
  );
}

export function Login(props: { ended: boolean; done: (session: Session) => void }) {
  const w = useWords(words);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem("");
    try {
      props.done(await logIn(String(form.get("name")).trim(), String(form.get("password"))));
    } catch (error) {
      setProblem(why(error, w));
      setBusy(false);
    }
  }

  return (
    <main class="login" id="content">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <Logo />
        <h1>Pantau Desa</h1>
        <p class="soft">{props.ended ? w.ended : w.loginHint}</p>
        <div class="field">
          <label for="name">{w.user}</label>
          <input
            id="name"
            name="name"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </div>
        <Password />
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={busy}>
          {w.logIn}
        </button>
        <p>
          <a href="/publik">{w.publicPage}</a>
        </p>
      </form>
    </main>
  );
}
