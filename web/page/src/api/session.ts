// SPDX-License-Identifier: Apache-2.0
// Who looks at the page, and what the page is told of the house.

import { askJson, change, setCsrf } from "./ask";

export type Role = "admin" | "noc" | "officer" | "provider" | "public";

export interface Session {
  user: string | null;
  role: Role;
  kabupaten: string | null; // of an officer
  provider: string | null; // of a provider
  csrf: string | null;
  banner: string | null; // across every page
  timezone: string;
  zone: string; // "WITA"
  province: string | null;
  tiles: string | null; // of the map: an address with {z}, {x}, {y}
  boundaries: boolean; // /api/v1/boundaries has something
  version: string;
}

function keep(session: Session): Session {
  setCsrf(session.csrf);
  return session;
}

export async function fetchSession(): Promise<Session> {
  return keep(await askJson<Session>("/api/v1/session"));
}

/** AskError 401: name or password are wrong; 429: too many tries. */
export async function logIn(name: string, password: string): Promise<Session> {
  await change("POST", "/api/v1/session", { name, password });
  return fetchSession();
}

export async function logOut(): Promise<void> {
  await change("DELETE", "/api/v1/session");
  setCsrf(null);
}
