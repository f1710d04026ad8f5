// SPDX-License-Identifier: Apache-2.0
// The month so far, as bounds: what is unknown may yet turn out either way.

import type { SlaRow } from "./api";
import { bounds, decimal, monthName } from "./format";
import type { Language, Words } from "./words";

const tones: Record<string, string> = {
  MEMENUHI: "good",
  "TIDAK MEMENUHI": "bad",
};

/** 99.5 -> "99,5": no zeros that say nothing. */
function percent(value: number, language: Language): string {
  return decimal(value, 3, language).replace(/[.,]?0+$/, "");
}

function Verdict(props: { row: SlaRow; language: Language; words: Words }) {
  const { row, language, words } = props;
  const verdict = row.verdict ?? "";

  return (
    <>
      <span class={`under verdict ${tones[verdict] ?? ""}`}>
        {words.verdicts[verdict] ?? verdict}
        {row.revision === "sementara" && ` · ${words.provisional}`}
      </span>
      {row.target !== null && (
        <span class="under">{words.target(percent(row.target, language))}</span>
      )}
    </>
  );
}

export function SlaCell(props: {
  row: SlaRow | undefined;
  month: string;
  language: Language;
  words: Words;
}) {
  const { row, month, language, words } = props;
  const label = `${words.columns.month}, ${monthName(month, words)}`;

  return (
    <td role="cell" class="number month" data-label={label}>
      {row ? (
        <>
          <span class="figure">{bounds(row.a_low, row.a_high, language)}</span>
          <Verdict row={row} language={language} words={words} />
        </>
      ) : (
        <span title={words.noContract}>–</span>
      )}
    </td>
  );
}
