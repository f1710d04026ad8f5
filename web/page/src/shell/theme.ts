// SPDX-License-Identifier: Apache-2.0
// Light or dark: as the machine has it, until somebody chooses.

import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";

const key = "pantau.theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function saved(): Theme | null {
  try {
    const theme = localStorage.getItem(key);
    return theme === "light" || theme === "dark" ? theme : null;
  } catch {
    return null;
  }
}

function save(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // It lasts as long as the page.
  }
}

/** `forced`: the wall screen is dark whatever was chosen. */
export function useTheme(forced: Theme | null): [Theme, (theme: Theme) => void] {
  const [chosen, choose] = useState(saved);
  const [machine, setMachine] = useState<Theme>(prefersDark.matches ? "dark" : "light");
  const theme = forced ?? chosen ?? machine;

  useEffect(() => {
    const follow = () => setMachine(prefersDark.matches ? "dark" : "light");
    prefersDark.addEventListener("change", follow);
    return () => prefersDark.removeEventListener("change", follow);
  }, []);
  document.documentElement.dataset["theme"] = theme; // before what is drawn asks for colours
  return [
    theme,
    (next) => {
      save(next);
      choose(next);
    },
  ];
}
