// SPDX-License-Identifier: Apache-2.0
// The provider's links, each with its month.

import { useMemo, useState } from "preact/hooks";

import type { Link } from "../api/desa";
import { endContract } from "../api/provider";
import type { MonthRow } from "../api/provider";
import type { Role } from "../api/session";
import { useNow } from "../live/context";
import { causeWords, desaName, placeName, sinceWords } from "../parts/describe";
import { bounds, decimal } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { FormProblem } from "../parts/problem";
import { More, Table } from "../parts/table";
import type { Column } from "../parts/table";
import { linkPath } from "../shell/paths";
import { StateBadge } from "../wall/link-row";
import { moneyBetween } from "./money";
import { words } from "./words";

const rowsAtFirst = 50;

function EndContract(props: { contract: number; done: () => void }) {
  const w = useWords(words);
  const common = useCommon();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await endContract(props.contract, String(form.get("to")));
      setOpen(false);
      props.done();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <>
      <button type="button" class="row-action" aria-expanded={open} onClick={() => setOpen(!open)}>
        {w.endContract}
      </button>
      {open && (
        <form class="note-form" onSubmit={(event) => void submit(event)}>
          <p class="soft">{w.endContractHint(props.contract)}</p>
          <label>
            <span>{w.endContractFrom}</span>
            <input type="datetime-local" name="to" required />
          </label>
          <FormProblem of={problem} />
          <button type="submit" class="primary">
            {w.endContract}
          </button>
          <button type="button" onClick={() => setOpen(false)}>
            {common.cancel}
          </button>
        </form>
      )}
    </>
  );
}

function Standing({ link }: { link: Link }) {
  const common = useCommon();
  const now = useNow();
  const cause = causeWords(link, common);

  return (
    <>
      <StateBadge link={link} words={common} />
      {link.since && <span class="under">{sinceWords(link, now, common)}</span>}
      {cause && <span class="cause">{cause}</span>}
    </>
  );
}

function Month({ row }: { row: MonthRow }) {
  const w = useWords(words);
  const language = useLanguage();

  return (
    <div>
      <span class="figure">{bounds(row.a_low, row.a_high, language)}</span>
      <span class="under">
        {w.verdicts[row.verdict ?? ""] ?? row.verdict}
        {row.target !== null && ` · ${decimal(row.target, 2, language)}%`}
      </span>
    </div>
  );
}

interface Months {
  of: Map<number, MonthRow[]>;
  role: Role;
  reload: () => void;
}

function useColumns({ of, role, reload }: Months): Column<Link>[] {
  const { linkColumns: names } = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const monthsOf = (link: Link) => of.get(link.link) ?? [];

  return [
    {
      name: names.link,
      head: true,
      cell: (link) => (
        <>
          <a class="desa" href={linkPath(link.link) ?? "/dinding"}>
            {desaName(link)}
          </a>
          <span class="under">{placeName(link)}</span>
        </>
      ),
    },
    { name: names.state, class: "state", cell: (link) => <Standing link={link} /> },
    {
      name: names.month,
      class: "number",
      cell: (link) =>
        monthsOf(link).length === 0
          ? "–"
          : monthsOf(link).map((row) => <Month key={row.contract} row={row} />),
    },
    {
      name: names.money,
      class: "number",
      cell: (link) =>
        monthsOf(link).map((row) => (
          <div key={row.contract}>
            {moneyBetween(row.restitution_low, row.restitution_high, common, language)}
            {role === "admin" && row.contract !== null && (
              <EndContract contract={row.contract} done={reload} />
            )}
          </div>
        )),
    },
  ];
}

export function LinkList(props: {
  links: Link[];
  months: MonthRow[];
  role: Role;
  reload: () => void;
}) {
  const { links, months } = props;
  const w = useWords(words);
  const [limit, setLimit] = useState(rowsAtFirst);
  const [sought, seek] = useState("");
  const byLink = useMemo(() => {
    const found = new Map<number, MonthRow[]>();
    for (const row of months)
      if (row.link !== null) found.set(row.link, [...(found.get(row.link) ?? []), row]);
    return found;
  }, [months]);
  const columns = useColumns({ of: byLink, role: props.role, reload: props.reload });
  const wanted = sought.trim().toLowerCase();
  const shown = links.filter((one) => desaName(one).toLowerCase().includes(wanted));

  return (
    <>
      <label class="provider-search">
        <span>{w.search}</span>
        <input
          type="search"
          value={sought}
          onInput={(event) => {
            seek(event.currentTarget.value);
            setLimit(rowsAtFirst);
          }}
        />
      </label>
      <Table
        caption={w.links}
        columns={columns}
        rows={shown.slice(0, limit)}
        rowKey={(link) => link.link}
      />
      <More shown={limit} total={shown.length} more={() => setLimit(limit + rowsAtFirst)} />
    </>
  );
}
