// SPDX-License-Identifier: Apache-2.0
// The wall on a screen of its own: dark, whole, without what is there to be clicked, and awake.

import { useEffect } from "preact/hooks";

import { setQuery } from "../shell/router";

export function leaveScreen(): void {
  setQuery({ layar: "" });
}

async function stayAwake(): Promise<() => void> {
  try {
    const lock = await navigator.wakeLock.request("screen");
    return () => void lock.release();
  } catch {
    return () => undefined; // not every browser can, and none without HTTPS
  }
}

/** Escape leaves; the browser's own full screen comes and goes with it. */
export function useScreen(on: boolean): boolean {
  useEffect(() => {
    if (!on) return;
    const awake = stayAwake();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.fullscreenElement) leaveScreen();
    };
    const onFullscreen = () => {
      if (!document.fullscreenElement) leaveScreen();
    };
    document.documentElement.requestFullscreen?.().catch(() => undefined); // needs a click before
    addEventListener("keydown", onKey);
    document.addEventListener("fullscreenchange", onFullscreen);
    return () => {
      removeEventListener("keydown", onKey);
      document.removeEventListener("fullscreenchange", onFullscreen);
      if (document.fullscreenElement) void document.exitFullscreen();
      void awake.then((release) => release());
    };
  }, [on]);
  return on;
}
