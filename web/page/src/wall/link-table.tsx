// SPDX-License-Identifier: Apache-2.0
// All chosen links. A table for wide windows; the style sheet makes cards of it for phones, which
// is why the roles are written out.

import { useMemo, useState } from "preact/hooks";

import type { Link } from "../api/desa";
import { useLive, useNow } from "../live/context";
import { decimal, monthName } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { choose } from "./choice";
import type { Choice } from "./choice";
import { LinkRow } from "./link-row";
import { useSla } from "./use-sla";
import { words } from "./words";

const rowsAtFirst = 100; // a phone draws so many at once without a pause

function Head(props: { month: string }) {
  const { columns } = useWords(words);
  const common = useCommon();
  const numbers: [string, string | undefined][] = [
    [columns.report, undefined],
    [columns.rtt, columns.rttHint],
    [columns.loss, columns.lossHint],
    [columns.day, columns.dayHint],
  ];

  return (
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col">{columns.desa}</th>
        <th role="columnheader" scope="col">{columns.state}</th>
        <th role="columnheader" scope="col">{columns.provider}</th>
        {numbers.map(([label, hint]) => (
          <th key={label} role="columnheader" scope="col" class="number" title={hint}>
            {label}
          </th>
        ))}
        <th role="columnheader" scope="col" class="number">
          {columns.month}
          <small>{monthName(props.month, common)}</small>
        </th>
      </tr>
    </thead>
  );
}

function Rows(props: { rows: Link[] }) {
  const { links, changed } = useLive();
  const { month, sla } = useSla(links.length);
  const now = useNow();

  return (
    <table role="table" class="links">
      <caption>{useWords(words).caption}</caption>
      <Head month={month} />
      <tbody role="rowgroup">
        {props.rows.map((link) => (
          <LinkRow
            key={link.link}
            link={link}
            sla={sla.get(link.link)}
            month={month}
            changedAt={changed.get(link.link)}
            now={now}
          />
        ))}
      </tbody>
    </table>
  );
}

export function LinkTable(props: { choice: Choice; clear: () => void }) {
  const live = useLive();
  const w = useWords(words);
  const language = useLanguage();
  const [most, setMost] = useState(rowsAtFirst);
  // The order is that of the last change of a state: figures that move do not shuffle the rows.
  const order = useMemo(
    () => choose(live.links, props.choice).map((link) => link.link),
    [live.version, props.choice],
  );
  const places = useMemo(
    () => new Map(live.links.map((link, index) => [link.link, index])),
    [live.loads],
  );
  const rows = order
    .slice(0, most)
    .map((link) => live.links[places.get(link) ?? -1])
    .filter((link): link is Link => link !== undefined);

  if (order.length === 0) {
    return (
      <p class="message">
        {w.noMatch}{" "}
        <button type="button" onClick={props.clear}>
          {w.clearFilters}
        </button>
      </p>
    );
  }
  return (
    <>
      <p class="shown">
        {w.shown(decimal(order.length, 0, language), decimal(live.links.length, 0, language))}
      </p>
      <Rows rows={rows} />
      {order.length > most && (
        <button type="button" class="more" onClick={() => setMost(most + rowsAtFirst)}>
          {w.showMore(decimal(Math.min(order.length - most, rowsAtFirst), 0, language))}
        </button>
      )}
      <p class="foot">{w.footer}</p>
    </>
  );
}
