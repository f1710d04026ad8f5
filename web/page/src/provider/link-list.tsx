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
import { linkPath } from "../shell/paths";
import { StateBadge } from "../wall/link-row";
import { moneyBetween } from "./money";
import { words } from "./words";

const rowsAtFirst = 50;

function EndContract(props: { contract: number; done: () => void }) {
  const w = useWords(words);
  const common = useCommon();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState("");

  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await endContract(props.contract, String(form.get("to")));
      setOpen(false);
      props.done();
    } catch (error) {
      setProblem(common.failed(error instanceof Error ? error.message : String(error)));
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
          <p class="problem" role="alert">
            {problem}
          </p>
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

function Row(props: { link: Link; months: MonthRow[]; role: Role; reload: () => void }) {
  const { link, months } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const now = useNow();
  const columns = w.linkColumns;
  const cause = causeWords(link, common);

  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="place">
        <a class="desa" href={linkPath(link.link) ?? "/dinding"}>
          {desaName(link)}
        </a>
        <span class="under">{placeName(link)}</span>
      </th>
      <td role="cell" class="state" data-label={columns.state}>
        <StateBadge link={link} words={common} />
        {link.since && <span class="under">{sinceWords(link, now, common)}</span>}
        {cause && <span class="cause">{cause}</span>}
      </td>
      <td role="cell" class="number" data-label={columns.month}>
        {months.length === 0 && "–"}
        {months.map((row) => (
          <div key={row.contract}>
            <span class="figure">{bounds(row.a_low, row.a_high, language)}</span>
            <span class="under">
              {w.verdicts[row.verdict ?? ""] ?? row.verdict}
              {row.target !== null && ` · ${decimal(row.target, 2, language)}%`}
            </span>
          </div>
        ))}
      </td>
      <td role="cell" class="number" data-label={columns.money}>
        {months.map((row) => (
          <div key={row.contract}>
            {moneyBetween(row.restitution_low, row.restitution_high, common, language)}
            {props.role === "admin" && row.contract !== null && (
              <EndContract contract={row.contract} done={props.reload} />
            )}
          </div>
        ))}
      </td>
    </tr>
  );
}

export function LinkList(props: {
  links: Link[];
  months: MonthRow[];
  role: Role;
  reload: () => void;
}) {
  const { links, months } = props;
  const w = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const [limit, setLimit] = useState(rowsAtFirst);
  const [sought, seek] = useState("");
  const byLink = useMemo(() => {
    const found = new Map<number, MonthRow[]>();
    for (const row of months)
      if (row.link !== null) found.set(row.link, [...(found.get(row.link) ?? []), row]);
    return found;
  }, [months]);
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
      <table role="table" class="links">
        <caption>{w.links}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {Object.entries(w.linkColumns).map(([key, label]) => (
              <th
                key={key}
                role="columnheader"
                scope="col"
                class={key === "month" || key === "money" ? "number" : ""}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.slice(0, limit).map((link) => (
            <Row
              key={link.link}
              link={link}
              months={byLink.get(link.link) ?? []}
              role={props.role}
              reload={props.reload}
            />
          ))}
        </tbody>
      </table>
      {shown.length > limit && (
        <button type="button" class="more" onClick={() => setLimit(limit + rowsAtFirst)}>
          {common.more} (
          {common.shownOf(decimal(limit, 0, language), decimal(shown.length, 0, language))})
        </button>
      )}
    </>
  );
}
