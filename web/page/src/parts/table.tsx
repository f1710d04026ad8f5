// SPDX-License-Identifier: Apache-2.0
// A list of things: a table for wide windows, of which the style sheet makes cards for phones. That
// is why the roles are written out, and why each cell knows the name of its column.

import type { ComponentChildren } from "preact";

import { decimal } from "./format";
import { useCommon, useLanguage } from "./language";

export interface Column<Row> {
  name: string; // "": none, as of ticks
  class?: string; // of its cells; "number" of its head, too
  head?: boolean; // what the row is called by
  cell: (row: Row) => ComponentChildren;
}

export function Table<Row>(props: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string | number;
  class?: string;
  rowClass?: (row: Row) => string;
}) {
  const { columns, rowKey, rowClass } = props; // a name is no key: it changes with the language

  return (
    <table role="table" class={`links ${props.class ?? ""}`}>
      <caption>{props.caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ name, class: kind }, at) =>
            name ? (
              <th key={at} role="columnheader" scope="col" class={kind === "number" ? kind : ""}>
                {name}
              </th>
            ) : (
              <td key={at} role="cell" class={kind}></td>
            ),
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.rows.map((row) => (
          <tr key={rowKey(row)} role="row" data-row={rowKey(row)} class={rowClass?.(row)}>
            {columns.map(({ name, head, class: kind, cell }, at) =>
              head ? (
                <th key={at} role="rowheader" scope="row" class="place">
                  {cell(row)}
                </th>
              ) : (
                <td key={at} role="cell" class={kind} data-label={name || undefined}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What stands under a list of which a part is shown. */
export function More(props: { shown: number; total: number; more: () => void }) {
  const common = useCommon();
  const language = useLanguage();
  const number = (value: number) => decimal(value, 0, language);

  if (props.total <= props.shown) return null;
  return (
    <button type="button" class="more" onClick={props.more}>
      {common.more} ({common.shownOf(number(props.shown), number(props.total))})
    </button>
  );
}
