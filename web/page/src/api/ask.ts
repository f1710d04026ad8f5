// SPDX-License-Identifier: Apache-2.0
// How the server is asked: every answer that is no success becomes an AskError with its code, which
// parts/refusals.ts says in people's words.

const patienceMs = 20000;

export class AskError extends Error {
  constructor(
    readonly status: number, // 0: there was no answer
    words: string, // the server's
    readonly code: string,
    readonly parameter: string | null = null,
  ) {
    super(words);
  }
}

let csrfToken: string | null = null;

/** The token of the session, which changes must bear. */
export function setCsrf(token: string | null): void {
  csrfToken = token;
}

async function send(
  path: string,
  options: RequestInit,
  patience = patienceMs,
): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    return await fetch(path, { ...options, signal: abort.signal, cache: "no-store" });
  } catch (error) {
    throw new AskError(0, error instanceof Error ? error.message : String(error), "offline");
  } finally {
    clearTimeout(timer);
  }
}

interface Refusal {
  error?: string;
  code?: string;
  parameter?: string;
}

let loggedOut = (): void => undefined;

/** What is done when the session turns out to be over, whatever was asked. */
export function setLoggedOut(action: () => void): void {
  loggedOut = action;
}

/** Of an answer that is no success. One without our JSON is the proxy's: nobody is behind it. */
export async function refused(answer: Response): Promise<AskError> {
  const said = (await answer.json().catch(() => ({}))) as Refusal;
  const code = said.code ?? (answer.status >= 502 ? "busy" : "fault");
  const words = said.error ?? `${answer.status} ${answer.statusText}`;
  if (code === "login") loggedOut();
  return new AskError(answer.status, words, code, said.parameter ?? null);
}

/** Any answer, those that are no success too. */
export function ask(path: string, patience = patienceMs): Promise<Response> {
  return send(path, {}, patience);
}

export async function askJson<T>(path: string): Promise<T> {
  const answer = await send(path, {});
  if (!answer.ok) throw await refused(answer);
  return (await answer.json()) as T;
}

/** A change: POST or DELETE with a JSON body. What the server says to it, null for nothing. */
export async function change<T>(
  method: "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T | null> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrfToken) headers["X-Pantau-CSRF"] = csrfToken;
  const options: RequestInit = { method, headers };
  if (body !== undefined) options.body = JSON.stringify(body);
  const answer = await send(path, options);
  if (!answer.ok) throw await refused(answer);
  const text = await answer.text();
  return text ? (JSON.parse(text) as T) : null;
}
