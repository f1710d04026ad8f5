// SPDX-License-Identifier: Apache-2.0
// The groups of one month, a row each, sorted by any column.

import type { By, Standing } from "../api/comparison";
import { bounds, decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import type { Language } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import { Bounds } from "./marks";
import { speedJudged } from "./standings";
import type { Group, Order } from "./standings";
import { words } from "./words";
import type { Sort } from "./words";

const count = (value: number, language: Language) => decimal(value, 0, language);

function Verdicts({ row }: { row: Standing }) {
  const w = useWords(words);
  const language = useLanguage();
  const parts: [number, "up" | "down" | "unknown" | "never", (n: string) => string][] = [
    [row.links_missed, "down", w.missed],
    [row.links_undecided, "unknown", w.undecided],
    [row.links_met, "up", w.met],
    [row.links_never, "never", w.never],
  ];

  return (
    <ul class="compare-verdicts">
      {parts
        .filter(([links]) => links > 0)
        .map(([links, state, say]) => (
          <li key={state}>
            <StateMark state={state} /> {say(count(links, language))}
          </li>
        ))}
    </ul>
  );
}

function Speed({ row }: { row: Standing }) {
  const w = useWords(words);
  const language = useLanguage();
  const judged = speedJudged(row);
  const mbit = (kbps: number) => decimal(kbps / 1000, 1, language);

  if (row.down_share === null && judged === 0) return <span class="soft">{w.noTests}</span>;
  return (
    <>
      {row.down_share !== null && (
        <span class="figure">{`${decimal(row.down_share, 1, language)}%`}</span>
      )}
      {row.down_kbps !== null && row.down_promised_kbps !== null && (
        <span class="under">{w.speedOf(mbit(row.down_kbps), mbit(row.down_promised_kbps))}</span>
      )}
      {judged > 0 && (
        <span class="under">
          {row.speed_missed > 0 && <StateMark state="down" />}{" "}
          {w.speedVerdict(count(row.speed_missed, language), count(judged, language))}
        </span>
      )}
    </>
  );
}

function Money(props: { amount: number | null; label: string }) {
  const common = useCommon();
  const language = useLanguage();

  return (
    <td role="cell" class="number" data-label={props.label}>
      {props.amount === null ? "–" : common.rupiah(count(props.amount, language))}
    </td>
  );
}

function Cells(props: { row: Standing; low: number }) {
  const { row } = props;
  const w = useWords(words);
  const language = useLanguage();

  return (
    <>
      <td role="cell" class="number" data-label={w.columns.links}>
        {count(row.links, language)}
      </td>
      <td role="cell" class="compare-bounds" data-label={w.availability} colSpan={2}>
        <span class="figure">{bounds(row.a_low, row.a_high, language)}</span>
        <Bounds row={row} low={props.low} />
      </td>
      <td role="cell" class="compare-wide" data-label={w.verdicts}>
        <Verdicts row={row} />
      </td>
      <td role="cell" class="compare-wide" data-label={w.columns.speed}>
        <Speed row={row} />
      </td>
      <Money amount={row.restitution_low} label={w.columns.proven} />
      <Money amount={row.restitution_high} label={w.columns.possible} />
    </>
  );
}

function Head(props: { order: Order; sort: (by: Sort) => void }) {
  const { order } = props;
  const w = useWords(words);
  const columns: Sort[] = [
    "name",
    "links",
    "low",
    "high",
    "missed",
    "speed",
    "proven",
    "possible",
  ];

  return (
    <tr role="row">
      {columns.map((by) => (
        <th
          key={by}
          scope="col"
          role="columnheader"
          aria-sort={order.by === by ? (order.down ? "descending" : "ascending") : "none"}
        >
          <button type="button" class="sort" onClick={() => props.sort(by)}>
            {w.columns[by]}
            {order.by === by && <span aria-hidden="true">{order.down ? " ▼" : " ▲"}</span>}
          </button>
        </th>
      ))}
    </tr>
  );
}

function wallOf(by: By, key: string): string {
  const name = by === "provider" ? "penyedia" : "kabupaten";
  return `/dinding?${new URLSearchParams({ [name]: key, tampilan: "tabel" }).toString()}`;
}

export function Table(props: {
  by: By;
  groups: Group[];
  all: Standing | undefined;
  low: number;
  caption: string;
  order: Order;
  sort: (by: Sort) => void;
}) {
  const w = useWords(words);

  return (
    <table class="links compare" role="table">
      <caption>{props.caption}</caption>
      <thead role="rowgroup">
        <Head order={props.order} sort={props.sort} />
      </thead>
      <tbody role="rowgroup">
        {props.groups.map(
          ({ key, name, now }) =>
            now && (
              <tr key={key} role="row">
                <th scope="row" role="rowheader" class="place">
                  <a class="desa" href={wallOf(props.by, key)} title={w.wall(name)}>
                    {name}
                  </a>
                </th>
                <Cells row={now} low={props.low} />
              </tr>
            ),
        )}
        {props.all && (
          <tr role="row" class="compare-all">
            <th scope="row" role="rowheader" class="place">
              <span class="desa">{w.all}</span>
            </th>
            <Cells row={props.all} low={props.low} />
          </tr>
        )}
      </tbody>
    </table>
  );
}
