// SPDX-License-Identifier: Apache-2.0
// Tells those who hear the page what those who see it notice: a link that changed its state.

import { useEffect, useRef, useState } from "preact/hooks";

import type { Link, State } from "./api";
import { properName } from "./format";
import type { Words } from "./words";

const mostAtOnce = 5; // a provider that fails takes hundreds of villages with it

export function Announcer(props: { links: Link[]; words: Words }) {
  const { links, words } = props;
  const before = useRef<Map<number, State> | null>(null);
  const [said, say] = useState("");

  useEffect(() => {
    const old = before.current;
    const news: string[] = [];
    for (const link of links) {
      const was = old?.get(link.link);
      if (was && was !== link.state)
        news.push(words.became(properName(link.desa_name ?? link.desa), words.states[link.state]));
    }
    if (links.length > 0) before.current = new Map(links.map((link) => [link.link, link.state]));
    if (news.length > 0) say(news.slice(0, mostAtOnce).join(". "));
  }, [links]);

  return (
    <div class="hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
