// SPDX-License-Identifier: Apache-2.0
// The page from top to bottom.

import { useEffect, useState } from "preact/hooks";

import { Announcer } from "./announcer";
import { anything, choose, isChoosing } from "./choice";
import type { Choice } from "./choice";
import { Filters } from "./filters";
import { Header } from "./header";
import { LinkTable } from "./link-table";
import type { Snapshot } from "./live";
import { Notices } from "./notices";
import { Overview } from "./overview";
import { words } from "./words";
import type { Language } from "./words";

const languageKey = "pantau.language";
const fewLinks = 5; // seen at one glance: nothing to search
const tickMs = 5000; // ages such as "20 detik lalu"

function savedLanguage(): Language {
  try {
    return localStorage.getItem(languageKey) === "en" ? "en" : "id";
  } catch {
    return "id"; // storage is forbidden in some browsers
  }
}

function useLanguage(): [Language, (language: Language) => void] {
  const [language, set] = useState<Language>(savedLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    try {
      localStorage.setItem(languageKey, language);
    } catch {
      // It will be asked for again.
    }
  }, [language]);
  return [language, set];
}

function useNow(): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, Date.now() - tickMs);
}

export function App(props: { snapshot: Snapshot; retry: () => void }) {
  const { snapshot } = props;
  const [language, setLanguage] = useLanguage();
  const [choice, setChoice] = useState<Choice>(anything);
  const now = useNow();
  const w = words[language];

  return (
    <>
      <Header snapshot={snapshot} language={language} setLanguage={setLanguage} words={w} />
      <Notices snapshot={snapshot} retry={props.retry} now={now} words={w} />
      <main>
        <Overview
          links={snapshot.links}
          loading={snapshot.connection === "starting"}
          choice={choice}
          setChoice={setChoice}
          language={language}
          words={w}
        />
        {snapshot.links.length > 0 && (
          <>
            {(snapshot.links.length > fewLinks || isChoosing(choice)) && (
              <Filters
                links={snapshot.links}
                choice={choice}
                setChoice={setChoice}
                words={w}
              />
            )}
            <LinkTable
              links={choose(snapshot.links, choice)}
              snapshot={snapshot}
              clear={() => setChoice({ ...anything, sort: choice.sort })}
              now={now}
              language={language}
              words={w}
            />
          </>
        )}
      </main>
      <footer>{w.footer}</footer>
      <Announcer links={snapshot.links} words={w} />
    </>
  );
}
