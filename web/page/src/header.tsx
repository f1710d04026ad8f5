// SPDX-License-Identifier: Apache-2.0
// Name of the house, whether the page is live, and the language.

import type { Snapshot } from "./live";
import type { Language, Words } from "./words";

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="mark-ground" />
      <path d="M6 18.5 16 9l10 9.5" class="mark-roof" />
      <path d="M11.5 20.2a6.4 6.4 0 0 1 9 0" class="mark-wave" />
      <circle cx="16" cy="24" r="1.9" class="mark-dot" />
    </svg>
  );
}

export function Header(props: {
  snapshot: Snapshot;
  language: Language;
  setLanguage: (language: Language) => void;
  words: Words;
}) {
  const { snapshot, language, setLanguage, words } = props;
  const live = snapshot.connection === "live";
  const other: Language = language === "id" ? "en" : "id";

  return (
    <header>
      <Mark />
      <div class="name">
        <h1>Pantau Desa</h1>
        <p>{words.tagline}</p>
      </div>
      {snapshot.connection !== "lost" && (
        <p class={live ? "pulse pulse-on" : "pulse"}>{live ? words.live : words.starting}</p>
      )}
      <button type="button" class="quiet" lang={other} onClick={() => setLanguage(other)}>
        {words.otherLanguage}
      </button>
    </header>
  );
}
