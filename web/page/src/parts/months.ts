// SPDX-License-Identifier: Apache-2.0
import { monthOf } from "./format";

const monthsBack = 18;

/** The running month and those before it, the newest first. */
export function monthsUntil(nowMs: number): string[] {
  const [year, month] = monthOf(nowMs).split("-").map(Number) as [number, number];
  return Array.from({ length: monthsBack }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7),
  );
}
