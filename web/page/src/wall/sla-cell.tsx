// SPDX-License-Identifier: Apache-2.0
// The month so far, as bounds: what is unknown may yet turn out either way.

import type { SlaRow } from "../api/sla";
import { bounds, decimal, monthName } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import type { Language } from "../parts/language";
import { words } from "./words";

const tones: Record<string, string> = {
  MEMENUHI: "good",
  "TIDAK MEMENUHI": "bad",
};

/** 99.5 -> "99,5": no zeros that say nothing. */
function percent(value: number, language: Language): string {
  return decimal(value, 3, language).replace(/[.,]?0+$/, "");
}

function Verdict(props: { row: SlaRow }) {
  const { row } = props;
  const w = useWords(words);
  const language = useLanguage();
  const verdict = row.verdict ?? "";

  return (
    <>
      <span class={`under verdict ${tones[verdict] ?? ""}`}>
        {w.verdicts[verdict] ?? verdict}
        {row.revision === "sementara" && ` · ${w.provisional}`}
      </span>
      {row.target !== null && (
        <span class="under">{w.target(percent(row.target, language))}</span>
      )}
    </>
  );
}

export function SlaCell(props: { row: SlaRow | undefined; month: string }) {
  const { row, month } = props;
  const w = useWords(words);
  const label = `${w.columns.month}, ${monthName(month, useCommon())}`;
  const language = useLanguage();

  return (
    <td role="cell" class="number month" data-label={label}>
      {row ? (
        <>
          <span class="figure">{bounds(row.a_low, row.a_high, language)}</span>
          <Verdict row={row} />
        </>
      ) : (
        <span title={w.noContract}>–</span>
      )}
    </td>
  );
}
