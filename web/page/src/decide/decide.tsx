// SPDX-License-Identifier: Apache-2.0
// Decisions: what waits in the month that closes next, exclusions, claims, and what was decided.

import { useMemo } from "preact/hooks";

import type { Inbox as Answer } from "../api/decisions";
import type { Session } from "../api/session";
import { useLive } from "../live/context";
import { monthName, properName } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { monthsUntil } from "../parts/months";
import { Select } from "../parts/select";
import { setQuery } from "../shell/router";
import type { ViewProps } from "../shell/routes";
import { options } from "../wall/choice";
import { Claims } from "./claims";
import { Exclusions } from "./exclusions";
import { Inbox } from "./inbox";
import type { Filters } from "./inbox";
import { Log } from "./log";
import { words } from "./words";
import type { Section } from "./words";

const sections: Section[] = ["menunggu", "pengecualian", "klaim", "riwayat"];

function Sections(props: { chosen: Section }) {
  const w = useWords(words);

  return (
    <div class="sections" role="group" aria-label={w.sectionsName}>
      {sections.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={props.chosen === one}
          onClick={() => setQuery({ bagian: one === "menunggu" ? "" : one })}
        >
          {w.sections[one]}
        </button>
      ))}
    </div>
  );
}

function FilterBar(props: {
  session: Session;
  section: Section;
  month: string;
  filters: Filters;
}) {
  const { session, section, month, filters } = props;
  const w = useWords(words);
  const common = useCommon();
  const { links, loads } = useLive();
  const kabupaten = useMemo(
    () => options(links, (one) => [one.kabupaten, properName(one.kabupaten_name ?? one.kabupaten)]),
    [loads],
  );
  const providers = useMemo(() => options(links, (one) => [one.provider, one.provider]), [loads]);

  if (section === "riwayat") return null;
  return (
    <div class="fields decide-filters">
      {section === "menunggu" && (
        <>
          <Select
            label={w.month}
            value={month}
            items={monthsUntil(Date.now()).map((one) => [one, monthName(one, common)])}
            all={null}
            choose={(value) => setQuery({ bulan: value })}
          />
          <Select
            label={w.kind}
            value={filters.kind}
            items={Object.entries(w.kinds)}
            all={w.allKinds}
            choose={(value) => setQuery({ jenis: value })}
          />
        </>
      )}
      {session.role !== "officer" && (
        <Select
          label={common.kabupaten}
          value={filters.kabupaten}
          items={kabupaten}
          all={common.all}
          choose={(value) => setQuery({ kabupaten: value })}
        />
      )}
      <Select
        label={common.provider}
        value={filters.provider}
        items={providers}
        all={common.all}
        choose={(value) => setQuery({ penyedia: value })}
      />
    </div>
  );
}

export function DecideView({ session, query }: ViewProps) {
  const w = useWords(words);
  const [running = "", last = ""] = monthsUntil(Date.now());
  const month = query.get("bulan") ?? last;
  const section = sections.find((one) => one === query.get("bagian")) ?? "menunggu";
  const filters: Filters = {
    kabupaten: query.get("kabupaten") ?? "",
    provider: query.get("penyedia") ?? "",
    kind: query.get("jenis") ?? "",
  };
  const { kabupaten, provider } = filters;
  const filter = { ...(kabupaten && { kabupaten }), ...(provider && { provider }) };
  const seen = (answer: Answer) => {
    if (answer.closed && !query.has("bulan")) setQuery({ bulan: running });
  };

  return (
    <div class="decide-page">
      <h1>
        {w.title}
        <span class="under">{w.hint}</span>
      </h1>
      <Sections chosen={section} />
      <FilterBar session={session} section={section} month={month} filters={filters} />
      {section === "menunggu" && (
        <Inbox session={session} month={month} filters={filters} seen={seen} />
      )}
      {section === "pengecualian" && <Exclusions session={session} filter={filter} />}
      {section === "klaim" && <Claims filter={filter} />}
      {section === "riwayat" && <Log session={session} />}
    </div>
  );
}
