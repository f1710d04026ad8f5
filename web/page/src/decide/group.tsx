// SPDX-License-Identifier: Apache-2.0
// The items of one kind as a table, each with a tick.

import type { Item, Kind, KindCount } from "../api/decisions";
import type { Session } from "../api/session";
import { decimal, duration, wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { useLinks } from "../parts/use-links";
import { actionsFor, samePerson } from "./actions";
import { Evidence } from "./evidence";
import { nameOf, rupiah } from "./names";
import { words } from "./words";

interface Choosing {
  chosen: Set<string>;
  choose: (items: string[], on: boolean) => void;
}

function Row(props: { item: Item; session: Session; choosing: Choosing; reload: () => void }) {
  const { item, session, choosing } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const { desa, place, zone } = nameOf(item, useLinks());
  const columns = w.columns;
  const tickable = actionsFor(item, session).length > 0;
  const what = `${w.kinds[item.kind]}: ${desa}, ${wholeTime(item.from, zone, common)}`;

  return (
    <tr role="row" data-item={item.item}>
      <td role="cell" class="tick">
        {tickable && (
          <input
            type="checkbox"
            aria-label={w.choose(what)}
            checked={choosing.chosen.has(item.item)}
            onChange={(event) => choosing.choose([item.item], event.currentTarget.checked)}
          />
        )}
      </td>
      <th role="rowheader" scope="row" class="place">
        <span class="desa">{item.links > 1 ? w.severalLinks(item.links) : desa}</span>
        <span class="under">{place}</span>
      </th>
      <td role="cell" data-label={columns.when}>
        {wholeTime(item.from, zone, common)}
        <span class="under">
          {item.to ? w.until(wholeTime(item.to, zone, common)) : w.lasting}
        </span>
      </td>
      <td role="cell" class="number" data-label={columns.stake}>
        {rupiah(item.rupiah, common, language)}
        <span class="under">{w.stake(duration(item.seconds, common))}</span>
      </td>
      <td role="cell" class="evidence" data-label={columns.evidence}>
        <Evidence
          item={item}
          zone={zone}
          mine={samePerson(item.by, session.user)}
          may={session.role === "officer" || session.role === "admin"}
          done={props.reload}
        />
      </td>
    </tr>
  );
}

export function Group(props: {
  kind: Kind;
  items: Item[];
  count: KindCount | undefined;
  session: Session;
  choosing: Choosing;
  reload: () => void;
}) {
  const { kind, items, count, choosing, session } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const names = items
    .filter((item) => actionsFor(item, session).length > 0)
    .map((item) => item.item);
  const all = names.length > 0 && names.every((name) => choosing.chosen.has(name));

  return (
    <section class="decide-group" aria-labelledby={`group-${kind}`}>
      <h2 id={`group-${kind}`}>
        {w.kinds[kind]}
        <span class="under">
          {count &&
            w.group(decimal(count.open, 0, language), rupiah(count.rupiah, common, language))}
        </span>
      </h2>
      <p class="soft">{w.kindHints[kind]}</p>
      {names.length > 1 && (
        <label class="tick-all">
          <input
            type="checkbox"
            checked={all}
            onChange={(event) => choosing.choose(names, event.currentTarget.checked)}
          />
          {w.chooseAll}: {w.kinds[kind]} ({names.length})
        </label>
      )}
      <table role="table" class="links decide-table">
        <caption>{w.kinds[kind]}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <td role="cell" class="tick"></td>
            {Object.entries(w.columns).map(([key, label]) => (
              <th key={key} role="columnheader" scope="col" class={key === "stake" ? "number" : ""}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((item) => (
            <Row
              key={item.item}
              item={item}
              session={session}
              choosing={choosing}
              reload={props.reload}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}
