// SPDX-License-Identifier: Apache-2.0
import type { Incident } from "../api/incidents";
import type { Language } from "../parts/language";

export type Mark = "down" | "silent" | "over";

interface IncidentWords {
  title: string;
  hint: string;
  open: string;
  recent: string;
  daysBack: string;
  days: Record<string, string>;
  none: string;
  noneRecent: string;
  stale: string;
  shown: (n: string, total: string) => string;
  more: string;
  marks: Record<Mark, string>;
  scopes: Record<Incident["scope"], (name: string) => string>;
  villages: (n: string) => string;
  lasting: (n: string) => string;
  silent: (n: string) => string;
  allSilent: string;
  from: (time: string, age: string) => string;
  span: (from: string, to: string, long: string) => string;
  acknowledged: (by: string, time: string) => string;
  nobody: string;
  ticket: (numbers: string) => string;
  members: string;
  hideMembers: string;
  memberColumns: { desa: string; state: string; from: string; to: string; cause: string };
  memberMarks: Record<Mark, string>;
  acknowledge: string;
  comment: string;
  assign: string;
  exclude: string;
  note: string;
  noteOptional: string;
  number: string;
  reason: string;
  reasons: Record<string, string>;
  reach: string;
  until: string;
  save: string;
  cancel: string;
  done: string;
  proposed: string;
  said: (by: string, time: string) => string;
  took: string;
}

const id: IncidentWords = {
  title: "Gangguan",
  hint: "Desa yang jatuh bersama-sama menjadi satu gangguan.",
  open: "Sedang berlangsung",
  recent: "Yang sudah selesai",
  daysBack: "Selama",
  days: { "1": "1 hari terakhir", "7": "7 hari terakhir", "30": "30 hari terakhir" },
  none: "Tidak ada gangguan yang sedang berlangsung.",
  noneRecent: "Tidak ada gangguan dalam waktu ini.",
  stale: "Daftar ini belum bisa diperbarui, dan akan dicoba lagi secara otomatis.",
  shown: (n, total) => `${n} dari ${total} gangguan`,
  more: "Tampilkan lebih banyak",
  marks: { down: "Putus", silent: "Tidak ada kabar", over: "Selesai" },
  scopes: {
    provider: (name) => `Banyak desa, penyedia ${name}`,
    kecamatan: (name) => `Banyak desa, Kec. ${name}`,
    all: () => "Banyak desa, berbagai penyedia: periksa dulu sambungan server ini",
    link: (name) => name,
  },
  villages: (n) => `${n} sambungan`,
  lasting: (n) => `${n} belum pulih`,
  silent: (n) => `${n} tidak ada kabar`,
  allSilent: "Belum ada kabar dari sini. Ini tidak berarti internetnya putus.",
  from: (time, age) => `Sejak ${time} · ${age}`,
  span: (from, to, long) => `${from} sampai ${to} · ${long}`,
  acknowledged: (by, time) => `Ditangani ${by}, ${time}`,
  nobody: "Belum ada yang menangani",
  ticket: (numbers) => `Tiket ${numbers}`,
  members: "Lihat sambungannya",
  hideMembers: "Sembunyikan",
  memberColumns: {
    desa: "Desa",
    state: "Keadaan",
    from: "Mulai",
    to: "Selesai",
    cause: "Sebab",
  },
  memberMarks: { down: "Putus", silent: "Tidak ada kabar", over: "Pulih" },
  acknowledge: "Saya tangani",
  comment: "Beri catatan",
  assign: "Nomor tiket",
  exclude: "Usulkan pengecualian",
  note: "Catatan",
  noteOptional: "Catatan (boleh kosong)",
  number: "Nomor tiket",
  reason: "Alasan",
  reasons: {
    maintenance: "Pemeliharaan",
    "force-majeure": "Keadaan kahar",
    power: "Listrik padam",
    customer: "Di sisi pelanggan",
  },
  reach: "Berlaku untuk",
  until: "Sampai",
  save: "Simpan",
  cancel: "Batal",
  done: "Tersimpan.",
  proposed: "Usulan tersimpan. Petugas kabupaten yang memutuskan.",
  said: (by, time) => `${by}, ${time}`,
  took: "menangani gangguan ini",
};

const en: IncidentWords = {
  title: "Incidents",
  hint: "Villages that fall together are one incident.",
  open: "Going on",
  recent: "Over",
  daysBack: "Within",
  days: { "1": "The last day", "7": "The last 7 days", "30": "The last 30 days" },
  none: "No incident is going on.",
  noneRecent: "No incident within this time.",
  stale: "This list could not be updated; it is tried again by itself.",
  shown: (n, total) => `${n} of ${total} incidents`,
  more: "Show more",
  marks: { down: "Down", silent: "No news", over: "Over" },
  scopes: {
    provider: (name) => `Many villages, provider ${name}`,
    kecamatan: (name) => `Many villages, kecamatan ${name}`,
    all: () => "Many villages, several providers: look at this server's own connection first",
    link: (name) => name,
  },
  villages: (n) => `${n} ${n === "1" ? "link" : "links"}`,
  lasting: (n) => `${n} not back`,
  silent: (n) => `${n} without news`,
  allSilent: "No news from here. That does not mean that the internet is down.",
  from: (time, age) => `Since ${time} · ${age}`,
  span: (from, to, long) => `${from} to ${to} · ${long}`,
  acknowledged: (by, time) => `${by} takes care, ${time}`,
  nobody: "Nobody takes care yet",
  ticket: (numbers) => `Ticket ${numbers}`,
  members: "Show its links",
  hideMembers: "Hide",
  memberColumns: { desa: "Village", state: "State", from: "Began", to: "Ended", cause: "Cause" },
  memberMarks: { down: "Down", silent: "No news", over: "Back" },
  acknowledge: "I take care",
  comment: "Comment",
  assign: "Ticket number",
  exclude: "Propose an exclusion",
  note: "Note",
  noteOptional: "Note (may be empty)",
  number: "Ticket number",
  reason: "Reason",
  reasons: {
    maintenance: "Maintenance",
    "force-majeure": "Force majeure",
    power: "Power cut",
    customer: "On the customer's side",
  },
  reach: "Reaches",
  until: "Until",
  save: "Save",
  cancel: "Cancel",
  done: "Saved.",
  proposed: "The proposal is saved. The officer of the kabupaten decides.",
  said: (by, time) => `${by}, ${time}`,
  took: "takes care of this incident",
};

export const words: Record<Language, IncidentWords> = { id, en };
