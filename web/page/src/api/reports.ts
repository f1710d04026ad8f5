// SPDX-License-Identifier: Apache-2.0
import { ask, refused } from "./ask";

const patienceMs = 120000; // a province on a small machine, behind others in the line

export type Format = "pdf" | "xlsx" | "csv";

export interface ReportOf {
  month: string; // "2026-10"
  kabupaten: string;
  format: Format;
  language: "id" | "en";
  excel: boolean; // of a CSV: with semicolons and decimal commas
}

export function reportPath(of: ReportOf): string {
  const query = new URLSearchParams();
  if (of.language === "en") query.set("lang", "en");
  if (of.excel) query.set("excel", "1");
  const text = query.toString();
  const path = `/api/v1/reports/${of.month}/${of.kabupaten}.${of.format}`;
  return text ? `${path}?${text}` : path;
}

/** The file and the name that the server gives it. */
export async function fetchReport(of: ReportOf): Promise<{ file: Blob; name: string }> {
  const answer = await ask(reportPath(of), patienceMs);
  if (!answer.ok) throw await refused(answer);
  const given = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
  const name = given?.[1] ?? `laporan-${of.kabupaten}-${of.month}.${of.format}`;
  return { file: await answer.blob(), name };
}
