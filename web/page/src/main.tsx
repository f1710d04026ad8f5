// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";

import { App } from "./shell/app";
import { setKnownPaths } from "./shell/paths";
import { takeClicks } from "./shell/router";
import { routeOf } from "./shell/routes";

const isKnown = (path: string) => routeOf(path) !== null;
setKnownPaths(isKnown);
takeClicks(isKnown);
const root = document.getElementById("app");
if (root) render(<App />, root);
