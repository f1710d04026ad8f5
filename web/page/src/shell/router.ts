// SPDX-License-Identifier: Apache-2.0
// Addresses: the browser's history is the only state. Links are plain <a href>; a click on one that
// stays inside the page is taken here.

import { useEffect, useState } from "preact/hooks";

const moved = "pantau-moved";

export interface Place {
  path: string;
  query: URLSearchParams;
}

export function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export function go(address: string, replace = false): void {
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  dispatchEvent(new Event(moved));
}

/** Sets these of the address's parameters, "" takes one away. No new entry in the history. */
export function setQuery(values: Record<string, string>): void {
  const { path, query } = here();
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  go(text ? `${path}?${text}` : path, true);
}

export function usePlace(): Place {
  const [place, set] = useState(here);
  useEffect(() => {
    const update = () => set(here());
    addEventListener("popstate", update);
    addEventListener(moved, update);
    return () => {
      removeEventListener("popstate", update);
      removeEventListener(moved, update);
    };
  }, []);
  return place;
}

/** "/sambungan/:id" against "/sambungan/7": {id: "7"}; null: it is another address. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":") && value) found[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // "%" alone: whatever it is, it names nothing here
  }
}

/** Once, at the start. `inside`: whether the page has a view at that path. */
export function takeClicks(inside: (path: string) => boolean): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash || !inside(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
