// SPDX-License-Identifier: Apache-2.0
// Tells those who hear the page what those who see it notice: a link that changed its state.

import { useEffect, useState } from "preact/hooks";

import { shownOf } from "../live/shown";
import type { News } from "../live/store";
import { properName } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { words } from "./words";

const mostAtOnce = 5; // a provider that fails takes hundreds of villages with it

export function Announcer(props: { news: News[] }) {
  const w = useWords(words);
  const { states } = useCommon();
  const [said, say] = useState("");

  useEffect(() => {
    const sentences = props.news
      .slice(0, mostAtOnce)
      .map(({ link }) => w.became(properName(link.desa_name ?? link.desa), states[shownOf(link)]));
    if (sentences.length > 0) say(sentences.join(". "));
  }, [props.news]);

  return (
    <div class="hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
