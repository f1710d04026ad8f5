// SPDX-License-Identifier: Apache-2.0
// The items of one kind as a table, each with a tick.

import type { Item, Kind, KindCount } from "../api/decisions";
import type { Session } from "../api/session";
import { decimal, duration, wholeTime } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { Table } from "../parts/table";
import type { Column } from "../parts/table";
import { useLinks } from "../parts/use-links";
import { actionsFor, samePerson } from "./actions";
import { Evidence } from "./evidence";
import { nameOf, rupiah } from "./names";
import { words } from "./words";

interface Choosing {
  chosen: Set<string>;
  choose: (items: string[], on: boolean) => void;
}

interface Sitting {
  session: Session;
  choosing: Choosing;
  reload: () => void;
}

function useColumns({ session, choosing, reload }: Sitting): Column<Item>[] {
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const links = useLinks();
  const names = w.columns;
  const time = (item: Item, iso: string) => wholeTime(iso, nameOf(item, links).zone, common);
  const what = (item: Item) =>
    `${w.kinds[item.kind]}: ${nameOf(item, links).desa}, ${time(item, item.from)}`;

  return [
    {
      name: "",
      class: "tick",
      cell: (item) =>
        actionsFor(item, session).length > 0 && (
          <input
            type="checkbox"
            aria-label={w.choose(what(item))}
            checked={choosing.chosen.has(item.item)}
            onChange={(event) => choosing.choose([item.item], event.currentTarget.checked)}
          />
        ),
    },
    {
      name: names.what,
      head: true,
      cell: (item) => {
        const { desa, place } = nameOf(item, links);
        return (
          <>
            <span class="desa">{item.links > 1 ? w.severalLinks(item.links) : desa}</span>
            <span class="under">{place}</span>
          </>
        );
      },
    },
    {
      name: names.when,
      cell: (item) => (
        <>
          {time(item, item.from)}
          <span class="under">{item.to ? w.until(time(item, item.to)) : w.lasting}</span>
        </>
      ),
    },
    {
      name: names.stake,
      class: "number",
      cell: (item) => (
        <>
          {rupiah(item.rupiah, common, language)}
          <span class="under">{w.stake(duration(item.seconds, common))}</span>
        </>
      ),
    },
    {
      name: names.evidence,
      class: "evidence",
      cell: (item) => (
        <Evidence
          item={item}
          zone={nameOf(item, links).zone}
          mine={samePerson(item.by, session.user)}
          may={session.role === "officer" || session.role === "admin"}
          done={reload}
        />
      ),
    },
  ];
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
  const columns = useColumns({ session, choosing, reload: props.reload });
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
      <Table
        class="decide-table"
        caption={w.kinds[kind]}
        columns={columns}
        rows={items}
        rowKey={(item) => item.item}
      />
    </section>
  );
}
