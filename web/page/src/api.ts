// SPDX-License-Identifier: Apache-2.0
// What the server says, in its own words; and how to ask it.

export type State = "up" | "down" | "unknown" | "silent" | "excluded" | "never";

export interface Figures {
  link: number;
  last_report: string | null;
  rtt_us: number | null;
  loss_ppm: number | null;
}

export interface Change extends Figures {
  state: State;
  since: string | null;
  cause: string | null;
  dns: string | null; // of a link that is up: the resolver that fails, and how
}

export interface Link extends Change {
  desa: string;
  desa_name: string | null;
  kecamatan: string;
  kecamatan_name: string | null;
  kabupaten: string;
  kabupaten_name: string | null;
  provider: string;
  kind: string;
  zone: string;
  desa_state: State;
}

export interface Board {
  as_of: string;
  event: number;
  total: number;
  rows: Link[];
}

export interface SlaRow {
  link: number | null;
  segment_end: string | null;
  a_low: number | null;
  a_high: number | null;
  target: number | null;
  verdict: string | null;
  revision: string | null;
}

export interface Part {
  name: string;
  ok: boolean;
  words: string;
}

export interface Health {
  status: "ok" | "fault";
  parts: Part[];
}

const pageRows = 5000;
const patienceMs = 20000;

async function ask(path: string): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patienceMs);
  try {
    return await fetch(path, { signal: abort.signal, cache: "no-store" });
  } finally {
    clearTimeout(timer);
  }
}

async function askJson<T>(path: string): Promise<T> {
  const answer = await ask(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** All rows, page by page. Events after the first page's id are still to be applied. */
export async function fetchBoard(): Promise<Board> {
  const board = await askJson<Board>(`/api/v1/desa?limit=${pageRows}`);
  while (board.rows.length < board.total) {
    const more = await askJson<Board>(
      `/api/v1/desa?limit=${pageRows}&offset=${board.rows.length}`,
    );
    if (more.rows.length === 0) break;
    board.rows.push(...more.rows);
  }
  return board;
}

export async function fetchSla(month: string): Promise<SlaRow[]> {
  const list = await askJson<{ rows: SlaRow[] }>(`/api/v1/sla?month=${month}&limit=10000`);
  return list.rows;
}

/** The faults of the machinery behind the page, an answer of 503 included. */
export async function fetchHealth(): Promise<Health> {
  const answer = await ask("/healthz");
  return (await answer.json()) as Health;
}
