// SPDX-License-Identifier: Apache-2.0
// The page from top to bottom: who looks, and at what.

import { useEffect, useRef, useState } from "preact/hooks";

import { setLoggedOut } from "../api/ask";
import { fetchSession, logOut } from "../api/session";
import type { Session } from "../api/session";
import { LiveContext } from "../live/context";
import { Live, nothingYet } from "../live/live";
import { LanguageContext, savedLanguage, saveLanguage, useCommon } from "../parts/language";
import type { Language } from "../parts/language";
import { Announcer } from "./announcer";
import { Header, Switches } from "./header";
import { Login } from "./login";
import { Banner, Notices } from "./notices";
import { go, usePlace } from "./router";
import type { Place } from "./router";
import { homeOf, loginPath, routeOf } from "./routes";
import { Stage } from "./stage";
import { useTheme } from "./theme";
import type { Theme } from "./theme";
import { words } from "./words";

const sessionRetryMs = 3000;

interface Looks {
  theme: Theme;
  setTheme: (theme: Theme) => void;
  setLanguage: (language: Language) => void;
}

/** Who is logged in; undefined: not known yet. A server that does not answer is asked again. */
function useSession(): [Session | undefined, (session: Session | undefined) => void] {
  const [session, set] = useState<Session | undefined>(undefined);

  useEffect(() => {
    let timer = 0;
    const ask = () => {
      fetchSession().then(set, () => {
        timer = window.setTimeout(ask, sessionRetryMs);
      });
    };
    if (session === undefined) ask();
    return () => clearTimeout(timer);
  }, [session === undefined]);
  return [session, set];
}

function useSnapshot(session: Session, loggedOut: () => void) {
  const [snapshot, paint] = useState(nothingYet);
  const live = useRef<Live | null>(null);

  useEffect(() => {
    const narrowed = session.role === "officer" || session.role === "provider";
    const made = new Live({ paint, narrowed, loggedOut });
    live.current = made;
    setLoggedOut(loggedOut);
    made.start();
    return () => {
      setLoggedOut(() => undefined);
      made.stop();
    };
  }, [session.user]);
  return { snapshot, retry: () => live.current?.reconnectNow() };
}

function Inside(props: {
  session: Session;
  place: Place;
  looks: Looks;
  leave: (ended: boolean) => void;
}) {
  const { session, place, looks, leave } = props;
  const { snapshot, retry } = useSnapshot(session, () => leave(true));
  const screen = place.query.has("layar");

  return (
    <LiveContext.Provider value={snapshot}>
      <Banner text={session.banner} />
      {!screen && (
        <Header
          session={session}
          snapshot={snapshot}
          path={place.path}
          {...looks}
          logOut={() => void logOut().finally(() => leave(false))}
        />
      )}
      <Notices snapshot={snapshot} retry={retry} />
      <main id="content" tabIndex={-1} class={screen ? "screen" : ""}>
        <Stage session={session} place={place} />
      </main>
      <Announcer news={snapshot.news} />
    </LiveContext.Provider>
  );
}

function Outside(props: {
  looks: Looks;
  ended: boolean;
  banner: string | null;
  done: (session: Session) => void;
}) {
  return (
    <>
      <Banner text={props.banner} />
      <div class="tools tools-outside">
        <Switches {...props.looks} />
      </div>
      <Login ended={props.ended} done={props.done} />
    </>
  );
}

/** Where the login leads to: what was asked for, when it is a page of this house. */
function wanted(place: Place, session: Session): string {
  const next = place.query.get("lanjut") ?? "";
  return routeOf(next.split("?")[0] ?? "") ? next : homeOf(session.role);
}

/** The address of the login page, which remembers what was asked for. */
function loginFor(place: Place): string {
  if (!routeOf(place.path)) return loginPath;
  return `${loginPath}?lanjut=${encodeURIComponent(place.path + location.search)}`;
}

function Waiting() {
  return <p class="message">{useCommon().loading}</p>;
}

export function App() {
  const place = usePlace();
  const [language, setLanguage] = useState<Language>(savedLanguage);
  const [theme, setTheme] = useTheme(place.query.has("layar") ? "dark" : null);
  const [session, setSession] = useSession();
  const [ended, setEnded] = useState(false);
  const known = session?.user ? session : undefined;
  const looks: Looks = { theme, setTheme, setLanguage };

  useEffect(() => saveLanguage(language), [language]);
  useEffect(() => {
    if (!session) return;
    if (known && (place.path === "/" || place.path === loginPath))
      go(wanted(place, known), true);
    else if (!known && place.path !== loginPath) go(loginFor(place), true);
  }, [session, place]);

  const leave = (was: boolean) => {
    setEnded(was);
    setSession(undefined);
  };
  return (
    <LanguageContext.Provider value={language}>
      <a class="skip" href="#content">
        {words[language].skip}
      </a>
      {session === undefined && <Waiting />}
      {known && <Inside session={known} place={place} looks={looks} leave={leave} />}
      {session && !known && (
        <Outside looks={looks} ended={ended} banner={session.banner} done={setSession} />
      )}
    </LanguageContext.Provider>
  );
}
