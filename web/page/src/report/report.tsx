// SPDX-License-Identifier: Apache-2.0
// The report of a month and a kabupaten, as a file. An officer has one kabupaten: there is nothing
// to choose but the month, and the one that is over stands there already.

import { useMemo, useState } from "preact/hooks";

import { fetchReport } from "../api/reports";
import type { Format } from "../api/reports";
import type { Session } from "../api/session";
import { useLive } from "../live/context";
import { monthName, properName } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { monthsUntil } from "../parts/months";
import { Why } from "../parts/problem";
import { Select } from "../parts/select";
import { words } from "./words";

function useKabupaten(session: Session): [string, string][] {
  const { links, loads } = useLive();

  return useMemo(() => {
    const found = new Map<string, string>();
    for (const link of links)
      found.set(link.kabupaten, properName(link.kabupaten_name ?? link.kabupaten));
    if (session.kabupaten && !found.has(session.kabupaten))
      found.set(session.kabupaten, session.kabupaten);
    return [...found].sort((a, b) => a[0].localeCompare(b[0]));
  }, [loads, session.kabupaten]);
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

interface Asked {
  month: string;
  kabupaten: string;
}

function useDownload(asked: Asked) {
  const language = useLanguage();
  const idle = { busy: false, problem: null };
  const [state, set] = useState<{ busy: boolean; problem: unknown }>(idle);

  const download = async (format: Format, excel: boolean) => {
    set({ busy: true, problem: null });
    try {
      const { file, name } = await fetchReport({ ...asked, format, language, excel });
      save(file, name);
      set(idle);
    } catch (problem) {
      set({ busy: false, problem });
    }
  };
  return { ...state, download };
}

function Files(props: { asked: Asked; ready: boolean }) {
  const w = useWords(words);
  const { busy, problem, download } = useDownload(props.asked);
  const disabled = busy || !props.ready;

  return (
    <>
      <div class="formats">
        {(["pdf", "xlsx", "csv"] as Format[]).map((format) => (
          <button
            key={format}
            type="button"
            class={format === "pdf" ? "format primary" : "format"}
            disabled={disabled}
            onClick={() => void download(format, false)}
          >
            <strong>{w.formats[format].name}</strong>
            <span>{w.formats[format].hint}</span>
          </button>
        ))}
      </div>
      <button
        type="button"
        class="quiet"
        disabled={disabled}
        onClick={() => void download("csv", true)}
      >
        {w.excelCsv}
      </button>
      <p role="status" class={problem ? "problem" : "soft"}>
        {busy && w.making}
        {Boolean(problem) && (
          <>
            {w.refused} <Why of={problem} />
          </>
        )}
      </p>
    </>
  );
}

export function ReportView(props: { session: Session }) {
  const { session } = props;
  const w = useWords(words);
  const common = useCommon();
  const kabupaten = useKabupaten(session);
  const months = monthsUntil(Date.now());
  const [month, setMonth] = useState(months[1] ?? "");
  const [chosen, setChosen] = useState(session.kabupaten ?? "");
  const only = kabupaten.length === 1 ? (kabupaten[0]?.[0] ?? "") : "";
  const place = session.kabupaten ?? (chosen || only);
  const name = kabupaten.find(([code]) => code === place)?.[1];

  return (
    <section class="report card">
      <h1>{w.title}</h1>
      {session.kabupaten && <p class="report-place">{name}</p>}
      <p class="soft">{session.kabupaten ? w.introOwn : w.intro}</p>
      <div class="fields">
        <Select
          label={w.month}
          value={month}
          items={months.map((one) => [one, monthName(one, common)])}
          all={null}
          choose={setMonth}
        />
        {!session.kabupaten && (
          <Select
            label={common.kabupaten}
            value={place}
            items={kabupaten}
            all={w.choose}
            choose={setChosen}
          />
        )}
      </div>
      {month === months[0] && (
        <p class="hint">
          <strong>{w.open}.</strong> {w.openHint}
        </p>
      )}
      <Files asked={{ month, kabupaten: place }} ready={Boolean(place)} />
    </section>
  );
}
