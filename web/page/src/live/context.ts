// SPDX-License-Identifier: Apache-2.0
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

import { nothingYet } from "./live";
import type { Snapshot } from "./live";

const tickMs = 5000; // ages such as "20 detik lalu"

export const LiveContext = createContext<Snapshot>(nothingYet);

export function useLive(): Snapshot {
  return useContext(LiveContext);
}

/** Moves on every few seconds. */
export function useNow(): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, Date.now() - tickMs);
}
