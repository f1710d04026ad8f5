// SPDX-License-Identifier: Apache-2.0
// The view of the present address: loaded when it is first asked for.

import { useEffect, useState } from "preact/hooks";

import type { Session } from "../api/session";
import { useCommon, useLanguage, useWords } from "../parts/language";
import type { Place } from "./router";
import { homeOf, routeOf } from "./routes";
import type { Route, View } from "./routes";
import { words } from "./words";

const loaded = new Map<Route, View>();

function Missing(props: { session: Session }) {
  const w = useWords(words);

  return (
    <div class="message">
      <p>{w.nothingHere}</p>
      <a href={homeOf(props.session.role)}>{w.toWall}</a>
    </div>
  );
}

function useView(route: Route | undefined): [View | undefined, boolean, () => void] {
  const [failed, setFailed] = useState(false);
  const [, redraw] = useState(0);
  const [tries, retry] = useState(0);
  const view = route && loaded.get(route);

  useEffect(() => {
    if (!route || loaded.has(route)) return;
    setFailed(false);
    route.load().then(
      (found) => {
        loaded.set(route, found);
        redraw((n) => n + 1);
      },
      () => setFailed(true),
    );
  }, [route, tries]);
  return [view, failed, () => retry(tries + 1)];
}

export function Stage(props: { session: Session; place: Place }) {
  const { session, place } = props;
  const common = useCommon();
  const language = useLanguage();
  const found = routeOf(place.path);
  const allowed = found?.route.roles.includes(session.role) ?? false;
  const [ViewOf, failed, retry] = useView(allowed ? found?.route : undefined);

  useEffect(() => {
    document.title = found ? `${found.route.title[language]} · Pantau Desa` : "Pantau Desa";
  }, [found?.route, language]);
  if (!found) return <Missing session={session} />;
  if (!allowed) return <p class="message">{common.forbidden}</p>;
  if (ViewOf) return <ViewOf session={session} params={found.params} query={place.query} />;
  if (!failed) return <p class="message">{common.loading}</p>;
  return (
    <div class="message">
      <button type="button" onClick={retry}>
        {common.retry}
      </button>
    </div>
  );
}
