// SPDX-License-Identifier: Apache-2.0
// The links by their number: names and zones for rows that have only that.

import { useMemo } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive } from "../live/context";

export function useLinks(): Map<number, Link> {
  const { links, loads } = useLive();
  return useMemo(() => new Map(links.map((link) => [link.link, link])), [loads]);
}
