// SPDX-License-Identifier: Apache-2.0
import { askJson, change } from "./ask";
import type { Role } from "./session";

export interface User {
  name: string;
  role: Role;
  kabupaten: string | null;
  provider: string | null;
  created: string;
  password: string | null; // when it was set
  token: string | null;
  removed: string | null;
}

export interface NewUser {
  name: string;
  role: string;
  kabupaten?: string;
  provider?: string;
}

/** A password that the server made up is told once, here. */
export interface Made {
  name: string;
  password: string | null;
}

export async function fetchUsers(): Promise<User[]> {
  return (await askJson<{ rows: User[] }>("/api/v1/users")).rows;
}

export function addUser(user: NewUser): Promise<Made | null> {
  return change<Made>("POST", "/api/v1/users", user);
}

export function newPassword(name: string): Promise<Made | null> {
  return change<Made>("POST", `/api/v1/users/${encodeURIComponent(name)}/password`, {});
}

export async function removeUser(name: string): Promise<void> {
  await change("DELETE", `/api/v1/users/${encodeURIComponent(name)}`);
}

/** One's own. AskError 401: the old one is wrong; 400: the new one is none. */
export async function changePassword(old: string, fresh: string): Promise<void> {
  await change("POST", "/api/v1/password", { old, new: fresh });
}
