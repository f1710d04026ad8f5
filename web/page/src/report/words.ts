// SPDX-License-Identifier: Apache-2.0
import type { Language } from "../parts/language";

interface ReportWords {
  title: string;
  intro: string;
  introOwn: string; // of who has one kabupaten
  month: string;
  choose: string;
  open: string;
  openHint: string;
  formats: Record<"pdf" | "xlsx" | "csv", { name: string; hint: string }>;
  excelCsv: string;
  making: string;
  refused: string;
}

const id: ReportWords = {
  title: "Laporan bulanan",
  intro: "Pilih bulan dan kabupaten/kota, lalu unduh. Angkanya sama di semua berkas.",
  introOwn: "Pilih bulan, lalu unduh. Angkanya sama di semua berkas.",
  month: "Bulan",
  choose: "Pilih kabupaten/kota",
  open: "Bulan ini belum selesai",
  openHint: "Angkanya masih sementara, dan dapat berubah sampai bulan ditutup.",
  formats: {
    pdf: { name: "PDF", hint: "Untuk dicetak dan ditandatangani, dengan Berita Acara" },
    xlsx: { name: "Excel", hint: "Untuk dihitung dan disaring" },
    csv: { name: "CSV", hint: "Untuk program lain" },
  },
  excelCsv: "CSV untuk Excel berbahasa Indonesia",
  making: "Laporan sedang dibuat…",
  refused: "Laporan tidak dapat dibuat.",
};

const en: ReportWords = {
  title: "Monthly report",
  intro: "Choose a month and a kabupaten/kota, then download. All files have the same figures.",
  introOwn: "Choose a month, then download. All files have the same figures.",
  month: "Month",
  choose: "Choose a kabupaten/kota",
  open: "This month is not over",
  openHint: "Its figures are provisional, and may change until the month is closed.",
  formats: {
    pdf: { name: "PDF", hint: "To print and sign, with the Berita Acara" },
    xlsx: { name: "Excel", hint: "To calculate and filter" },
    csv: { name: "CSV", hint: "For other programs" },
  },
  excelCsv: "CSV for Excel in Indonesian",
  making: "The report is being made…",
  refused: "The report could not be made.",
};

export const words: Record<Language, ReportWords> = { id, en };
