// SPDX-License-Identifier: Apache-2.0
// A question to the server whose answer is shown: asked anew when what it hangs on changes. The
// answer before stays on the page meanwhile.

import { useEffect, useState } from "preact/hooks";

export interface Asked<T> {
  answer: T | null;
  problem: unknown; // null: none
  busy: boolean;
}

export function useAsked<T>(question: (() => Promise<T>) | null, on: unknown[]): Asked<T> {
  const [state, set] = useState<Asked<T>>({ answer: null, problem: null, busy: false });

  useEffect(() => {
    let gone = false;
    if (!question) {
      set({ answer: null, problem: null, busy: false });
      return undefined;
    }
    set((before) => ({ ...before, busy: true }));
    question().then(
      (answer) => gone || set({ answer, problem: null, busy: false }),
      (problem: unknown) => {
        if (!gone) set((before) => ({ ...before, problem, busy: false }));
      },
    );
    return () => {
      gone = true;
    };
  }, on);
  return state;
}
