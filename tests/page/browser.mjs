// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium without a window, that asks nobody but the page.
import { chromium } from "playwright-core";

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export function openBrowser() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: quiet });
}
