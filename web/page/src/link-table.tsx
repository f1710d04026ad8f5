// SPDX-License-Identifier: Apache-2.0
// All chosen links. A table for wide windows; style.css makes cards of it for phones, which is why
// the roles are written out.

import { useState } from "preact/hooks";

import type { Link } from "./api";
import { decimal, monthName } from "./format";
import { LinkRow } from "./link-row";
import type { Snapshot } from "./live";
import type { Language, Words } from "./words";

const rowsAtFirst = 150; // a phone draws so many at once without a pause

function Head(props: { month: string; words: Words }) {
  const { columns } = props.words;

  return (
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col">{columns.desa}</th>
        <th role="columnheader" scope="col">{columns.state}</th>
        <th role="columnheader" scope="col">{columns.provider}</th>
        <th role="columnheader" scope="col" class="number">{columns.report}</th>
        <th role="columnheader" scope="col" class="number" title={columns.rttHint}>
          {columns.rtt}
        </th>
        <th role="columnheader" scope="col" class="number" title={columns.lossHint}>
          {columns.loss}
        </th>
        <th role="columnheader" scope="col" class="number">
          {columns.month}
          <small>{monthName(props.month, props.words)}</small>
        </th>
      </tr>
    </thead>
  );
}

export function LinkTable(props: {
  links: Link[];
  snapshot: Snapshot;
  clear: () => void;
  now: number;
  language: Language;
  words: Words;
}) {
  const { links, snapshot, now, language, words } = props;
  const [most, setMost] = useState(rowsAtFirst);
  const hidden = links.length - most;

  if (links.length === 0) {
    return (
      <p class="nothing">
        {words.noMatch}{" "}
        <button type="button" onClick={props.clear}>
          {words.clearFilters}
        </button>
      </p>
    );
  }
  return (
    <>
      {snapshot.links.length > 1 && (
        <p class="shown">
          {words.shown(
            decimal(links.length, 0, language),
            decimal(snapshot.links.length, 0, language),
          )}
        </p>
      )}
      <table role="table">
        <caption>{words.caption}</caption>
        <Head month={snapshot.month} words={words} />
        <tbody role="rowgroup">
          {links.slice(0, most).map((link) => (
            <LinkRow
              key={link.link}
              link={link}
              sla={snapshot.sla.get(link.link)}
              month={snapshot.month}
              changedAt={snapshot.changed.get(link.link)}
              now={now}
              language={language}
              words={words}
            />
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <button type="button" class="more" onClick={() => setMost(most + rowsAtFirst)}>
          {words.showMore(decimal(Math.min(hidden, rowsAtFirst), 0, language))}
        </button>
      )}
    </>
  );
}
