// SPDX-License-Identifier: Apache-2.0
import { render } from "preact";

import { App } from "./app";
import { Live } from "./live";

const root = document.getElementById("app");
if (root) {
  const live: Live = new Live((snapshot) => {
    render(<App snapshot={snapshot} retry={() => live.reconnectNow()} />, root);
  });
  live.start();
}
