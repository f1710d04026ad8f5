// SPDX-License-Identifier: Apache-2.0
// How the server is asked: every answer that is no success becomes an AskError with its words.

const patienceMs = 20000;

export class AskError extends Error {
  constructor(
    readonly status: number, // 0: there was no answer
    words: string,
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

async function send(path: string, options: RequestInit): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patienceMs);
  try {
    return await fetch(path, { ...options, signal: abort.signal, cache: "no-store" });
  } catch (error) {
    throw new AskError(0, error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

interface Refusal {
  error?: string;
  parameter?: string;
}

async function refused(answer: Response): Promise<AskError> {
  const said = (await answer.json().catch(() => ({}))) as Refusal;
  return new AskError(answer.status, said.error ?? answer.statusText, said.parameter ?? null);
}

/** Any answer, those that are no success too. */
export function ask(path: string): Promise<Response> {
  return send(path, {});
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
