// SPDX-License-Identifier: Apache-2.0
// How much waits for a decision, for the menu: one number, asked for seldom and when one was made.

import { useEffect, useState } from "preact/hooks";

import { fetchInbox } from "../api/decisions";
import type { Session } from "../api/session";
import { monthsUntil } from "../parts/months";

const everyMs = 300000; // it is counted anew for each who asks
const soonMs = 500; // of several decisions in a row
const news = "pantau-decided";

/** Something was decided. */
export function decided(): void {
  dispatchEvent(new Event(news));
}

/** The month that closes next: the one before the running one, until it is closed. */
async function countWaiting(): Promise<number> {
  const [running = "", last = ""] = monthsUntil(Date.now());
  const before = await fetchInbox({ month: last, limit: 1, open: true });
  if (!before.closed) return before.total;
  return (await fetchInbox({ month: running, limit: 1, open: true })).total;
}

/** null: not known, or nobody here decides. */
export function useWaiting(session: Session): number | null {
  const [count, set] = useState<number | null>(null);
  const asks = session.role === "officer" || session.role === "admin" || session.role === "noc";

  useEffect(() => {
    if (!asks) return undefined;
    let timer = 0;
    let gone = false;
    const ask = () => {
      if (document.visibilityState !== "visible") return;
      countWaiting().then((found) => gone || set(found), () => undefined);
    };
    const soon = () => {
      clearTimeout(timer);
      timer = window.setTimeout(ask, soonMs);
    };
    soon();
    const often = setInterval(ask, everyMs);
    addEventListener(news, soon);
    return () => {
      gone = true;
      clearTimeout(timer);
      clearInterval(often);
      removeEventListener(news, soon);
    };
  }, [asks, session.user]);
  return count;
}
