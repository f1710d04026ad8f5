// SPDX-License-Identifier: Apache-2.0
// An interval of rupiah, as one amount where both ends are the same. Pure.

import { decimal } from "../parts/format";
import type { Language } from "../parts/language";
import type { Words } from "../parts/words";

export function moneyBetween(
  low: number | null,
  high: number | null,
  common: Words,
  language: Language,
): string {
  if (low === null || high === null) return "–";
  const amount = (value: number) => common.rupiah(decimal(value, 0, language));
  return low === high ? amount(low) : `${amount(low)} – ${amount(high)}`;
}
