// SPDX-License-Identifier: Apache-2.0
// Addresses that views point at. The route table is read when they are asked for, not before: the
// table knows the views, and the views know this.

let known: (path: string) => boolean = () => false;

/** Once, at the start. */
export function setKnownPaths(check: (path: string) => boolean): void {
  known = check;
}

/** The page of a link, or null while there is none. */
export function linkPath(id: number): string | null {
  const path = `/sambungan/${id}`;
  return known(path) ? path : null;
}
