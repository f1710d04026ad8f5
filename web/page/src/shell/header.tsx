// SPDX-License-Identifier: Apache-2.0
// Name of the house, where to go, whether the page is live, language, theme and who looks.

import type { Session } from "../api/session";
import type { Snapshot } from "../live/live";
import { decimal, properName } from "../parts/format";
import { useLanguage, useWords } from "../parts/language";
import type { Language } from "../parts/language";
import { Logo } from "./logo";
import { decidePath, homeOf, ownPath, routes } from "./routes";
import type { Theme } from "./theme";
import { useWaiting } from "./waiting";
import { words } from "./words";

const sun =
  "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6ZM8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15" +
  "M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1";
const moon = "M13.6 9.8A6 6 0 0 1 6.2 2.4a6 6 0 1 0 7.4 7.4Z";

function Menu(props: { session: Session; path: string }) {
  const w = useWords(words);
  const language = useLanguage();
  const waiting = useWaiting(props.session);
  const shown = routes.filter((route) => route.menu && route.roles.includes(props.session.role));

  return (
    <nav aria-label={w.menu}>
      <ul>
        {shown.map((route) => (
          <li key={route.path}>
            <a href={route.path} aria-current={props.path === route.path ? "page" : undefined}>
              {route.title[language]}
              {route.path === decidePath && Boolean(waiting) && (
                <span class="menu-count">
                  {" "}
                  <span aria-hidden="true">{decimal(waiting ?? 0, 0, language)}</span>
                  <span class="hidden">{w.waiting(decimal(waiting ?? 0, 0, language))}</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Pulse(props: { snapshot: Snapshot }) {
  const w = useWords(words);
  const { connection } = props.snapshot;
  const live = connection === "live";

  if (connection === "lost") return null; // the notice says it
  return <p class={live ? "pulse pulse-on" : "pulse"}>{live ? w.live : w.starting}</p>;
}

/** Language and theme: the same two buttons before and after logging in. */
export function Switches(props: {
  theme: Theme;
  setTheme: (theme: Theme) => void;
  setLanguage: (language: Language) => void;
}) {
  const w = useWords(words);
  const language = useLanguage();
  const other: Language = language === "id" ? "en" : "id";
  const dark = props.theme === "dark";

  return (
    <>
      <button
        type="button"
        class="quiet switch-language"
        lang={other}
        aria-label={w.otherLanguage}
        title={w.otherLanguage}
        onClick={() => props.setLanguage(other)}
      >
        {w.otherShort}
      </button>
      <button
        type="button"
        class="quiet icon-button"
        aria-label={dark ? w.light : w.dark}
        title={dark ? w.light : w.dark}
        onClick={() => props.setTheme(dark ? "light" : "dark")}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
          {dark ? (
            <path d={sun} />
          ) : (
            <path d={moon} />
          )}
        </svg>
      </button>
    </>
  );
}

export function Header(props: {
  session: Session;
  snapshot: Snapshot;
  path: string;
  theme: Theme;
  setTheme: (theme: Theme) => void;
  setLanguage: (language: Language) => void;
  logOut: () => void;
}) {
  const { session } = props;
  const w = useWords(words);

  return (
    <header>
      <a class="brand" href={homeOf(session.role)}>
        <Logo />
        <span class="brand-name">
          Pantau Desa
          <small>{session.province ? properName(session.province) : w.tagline}</small>
        </span>
      </a>
      <Menu session={session} path={props.path} />
      <div class="tools">
        <Pulse snapshot={props.snapshot} />
        <Switches
          theme={props.theme}
          setTheme={props.setTheme}
          setLanguage={props.setLanguage}
        />
        <a class="who" href={ownPath} title={w.account}>
          <span>{session.user}</span>
          <small>{w.roles[session.role] ?? session.role}</small>
        </a>
        <button type="button" class="quiet" onClick={props.logOut}>
          {w.logOut}
        </button>
      </div>
    </header>
  );
}
