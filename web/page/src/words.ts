// SPDX-License-Identifier: Apache-2.0
// Every word on the page, twice.

import type { State } from "./api";

export type Language = "id" | "en";

export interface Words {
  tagline: string;
  otherLanguage: string;
  live: string;
  starting: string;
  lost: (age: string) => string;
  retry: string;
  allNormal: (total: string) => string;
  someDown: (down: string, total: string) => string;
  someNormal: (up: string, total: string) => string;
  noneKnown: (total: string) => string;
  oneLink: (state: string) => string;
  noLinks: string;
  noLinksHint: string;
  noMatch: string;
  clearFilters: string;
  showAll: string;
  search: string;
  searchHint: string;
  kabupaten: string;
  provider: string;
  all: string;
  sort: string;
  sortTrouble: string;
  sortName: string;
  shown: (shown: string, total: string) => string;
  showMore: (count: string) => string;
  columns: {
    state: string;
    desa: string;
    provider: string;
    report: string;
    rtt: string;
    rttHint: string;
    loss: string;
    lossHint: string;
    month: string;
  };
  caption: string;
  states: Record<State, string>;
  stateHints: Record<State, string>;
  causes: Record<string, string>;
  kinds: Record<string, string>;
  since: (time: string, age: string) => string;
  ago: (age: string) => string;
  justNow: string;
  neverReported: string;
  provisional: string;
  target: (percent: string) => string;
  noContract: string;
  verdicts: Record<string, string>;
  became: (desa: string, state: string) => string;
  faults: string;
  parts: Record<string, string>;
  footer: string;
  seconds: (n: number) => string;
  minutes: (n: number) => string;
  hours: (n: number) => string;
  days: (n: number) => string;
  timeDot: string;
  months: string[];
  monthsLong: string[];
}

const id: Words = {
  tagline: "Internet desa, diukur detik demi detik",
  otherLanguage: "English",
  live: "Langsung",
  starting: "Memuat…",
  lost: (age) =>
    `Sambungan halaman ini ke server terputus ${age} lalu. ` +
    "Keadaan di bawah adalah yang terakhir diketahui.",
  retry: "Coba sekarang",
  allNormal: (total) => `Semua ${total} sambungan normal`,
  someDown: (down, total) => `${down} dari ${total} sambungan putus`,
  someNormal: (up, total) => `${up} dari ${total} sambungan normal`,
  noneKnown: (total) => `Belum ada kepastian tentang ${total} sambungan`,
  oneLink: (state) => `Keadaan sambungan: ${state}`,
  noLinks: "Belum ada sambungan yang terdaftar",
  noLinksHint: "Sambungan yang didaftarkan akan muncul di sini dengan sendirinya.",
  noMatch: "Tidak ada sambungan yang cocok dengan pilihan ini",
  clearFilters: "Hapus semua pilihan",
  showAll: "Semua",
  search: "Cari",
  searchHint: "Nama desa, kecamatan, atau kode",
  kabupaten: "Kabupaten/kota",
  provider: "Penyedia",
  all: "Semua",
  sort: "Urutan",
  sortTrouble: "Yang bermasalah dulu",
  sortName: "Nama desa",
  shown: (shown, total) => `${shown} dari ${total} sambungan`,
  showMore: (count) => `Tampilkan ${count} lagi`,
  columns: {
    state: "Keadaan",
    desa: "Desa",
    provider: "Penyedia",
    report: "Kabar terakhir",
    rtt: "Waktu tanggap",
    rttHint:
      "Waktu pergi-pulang ke internet, nilai tengah lima laporan terakhir. Kecil itu baik.",
    loss: "Paket hilang",
    lossHint: "Bagian pertanyaan tanpa jawaban dalam lima laporan terakhir. Kecil itu baik.",
    month: "Ketersediaan",
  },
  caption: "Keadaan setiap sambungan internet desa",
  states: {
    up: "Normal",
    down: "Putus",
    unknown: "Belum pasti",
    silent: "Tidak ada kabar",
    excluded: "Dikecualikan",
    never: "Belum pernah lapor",
  },
  stateHints: {
    up: "Internet di desa ini bekerja.",
    down: "Internet di desa ini tidak bekerja, terbukti dari ukuran di tempat.",
    unknown: "Ukuran yang ada belum cukup untuk menyatakan normal atau putus.",
    silent: "Alat ukur belum mengirim kabar. Ini tidak berarti internetnya putus.",
    excluded: "Waktu ini tidak dihitung, misalnya karena pemeliharaan.",
    never: "Alat ukur di sini belum pernah mengirim kabar.",
  },
  causes: {
    local: "Kabel atau sinyal di router terputus",
    cpe: "Perangkat penyedia di lokasi tidak menjawab",
    access: "Jalur dari desa ke penyedia putus",
    provider: "Gangguan di jaringan penyedia",
    upstream: "Penyedia tidak tersambung ke internet",
    power: "Listrik padam atau router dicabut",
    restart: "Router dinyalakan ulang",
    agent: "Alat ukur sempat berhenti",
    dropped: "Catatan alat ukur penuh, sebagian terhapus",
    clock: "Jam router belum pasti",
    disputed: "Dua alat memakai satu identitas",
    edge: "Menunggu ukuran berikutnya",
    silent: "Menunggu alat ukur kembali",
    maintenance: "Pemeliharaan terjadwal",
    "force-majeure": "Keadaan kahar",
    customer: "Di sisi pelanggan",
  },
  kinds: {
    fibre: "Serat optik",
    "4g": "4G",
    vsat: "VSAT",
    starlink: "Starlink",
    wireless: "Nirkabel",
  },
  since: (time, age) => `sejak ${time} · ${age}`,
  ago: (age) => `${age} lalu`,
  justNow: "Baru saja",
  neverReported: "Belum pernah",
  provisional: "sementara",
  target: (percent) => `target ${percent}%`,
  noContract: "Tidak ada kontrak bulan ini",
  verdicts: {
    MEMENUHI: "Memenuhi",
    "TIDAK MEMENUHI": "Di bawah target",
    "DATA TIDAK CUKUP": "Data belum cukup",
    "TIDAK DINILAI": "Tidak dinilai",
  },
  became: (desa, state) => `${desa}: ${state}`,
  faults: "Ada gangguan pada sistem pemantauan. Keadaan di bawah mungkin bukan yang terbaru.",
  parts: {
    ingest: "Penerima laporan tidak menjawab.",
    journal: "Laporan yang datang tidak dapat disimpan.",
    ledger: "Penghitung tidak berjalan.",
    lag: "Penghitung tertinggal dari laporan yang datang.",
    registry: "Daftar sambungan tidak terbaca.",
  },
  footer: "Angka bulan berjalan bersifat sementara sampai bulan ditutup.",
  seconds: (n) => `${n} detik`,
  minutes: (n) => `${n} menit`,
  hours: (n) => `${n} jam`,
  days: (n) => `${n} hari`,
  timeDot: ".",
  months: ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
  monthsLong: [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
  ],
};

function plural(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}

const en: Words = {
  tagline: "Village internet, measured second by second",
  otherLanguage: "Bahasa Indonesia",
  live: "Live",
  starting: "Loading…",
  lost: (age) =>
    `This page lost its connection to the server ${age} ago. Below is what was last known.`,
  retry: "Try now",
  allNormal: (total) => `All ${total} links are normal`,
  someDown: (down, total) => `${down} of ${total} links are down`,
  someNormal: (up, total) => `${up} of ${total} links are normal`,
  noneKnown: (total) => `Nothing certain yet about ${total} links`,
  oneLink: (state) => `State of the link: ${state}`,
  noLinks: "No link is registered yet",
  noLinksHint: "A link that is registered will appear here by itself.",
  noMatch: "No link matches this choice",
  clearFilters: "Clear the choice",
  showAll: "All",
  search: "Search",
  searchHint: "Name of desa, kecamatan, or code",
  kabupaten: "Kabupaten/kota",
  provider: "Provider",
  all: "All",
  sort: "Order",
  sortTrouble: "Trouble first",
  sortName: "Name of desa",
  shown: (shown, total) => `${shown} of ${total} links`,
  showMore: (count) => `Show ${count} more`,
  columns: {
    state: "State",
    desa: "Desa",
    provider: "Provider",
    report: "Last report",
    rtt: "Response",
    rttHint: "Round-trip time to the internet, median of the last five reports. Smaller is better.",
    loss: "Packet loss",
    lossHint: "Share of questions without an answer in the last five reports. Smaller is better.",
    month: "Availability",
  },
  caption: "State of every village internet link",
  states: {
    up: "Normal",
    down: "Down",
    unknown: "Not certain",
    silent: "No news",
    excluded: "Excluded",
    never: "Never reported",
  },
  stateHints: {
    up: "The internet works in this village.",
    down: "The internet does not work in this village, proven by measurement on the spot.",
    unknown: "What was measured does not yet suffice to say up or down.",
    silent: "The agent has not reported. That does not mean that the internet is down.",
    excluded: "This time does not count, for instance because of maintenance.",
    never: "The agent here has never reported.",
  },
  causes: {
    local: "Cable or signal lost at the router",
    cpe: "The provider's box on the premises does not answer",
    access: "The line from the village to the provider is broken",
    provider: "Fault inside the provider's network",
    upstream: "The provider is cut off from the internet",
    power: "Power cut, or the router was unplugged",
    restart: "The router was restarted",
    agent: "The agent was stopped for a while",
    dropped: "The agent's log was full; part of it was dropped",
    clock: "The router's clock is not certain",
    disputed: "Two devices use one identity",
    edge: "Waiting for the next measurement",
    silent: "Waiting for the agent to come back",
    maintenance: "Scheduled maintenance",
    "force-majeure": "Force majeure",
    customer: "On the customer's side",
  },
  kinds: { fibre: "Fibre", "4g": "4G", vsat: "VSAT", starlink: "Starlink", wireless: "Wireless" },
  since: (time, age) => `since ${time} · ${age}`,
  ago: (age) => `${age} ago`,
  justNow: "Just now",
  neverReported: "Never",
  provisional: "provisional",
  target: (percent) => `target ${percent}%`,
  noContract: "No contract this month",
  verdicts: {
    MEMENUHI: "Meets it",
    "TIDAK MEMENUHI": "Below target",
    "DATA TIDAK CUKUP": "Too little data yet",
    "TIDAK DINILAI": "Not judged",
  },
  became: (desa, state) => `${desa}: ${state}`,
  faults: "The monitoring system has a fault. What is shown below may not be the latest.",
  parts: {
    ingest: "The receiver of reports does not answer.",
    journal: "Reports that arrive cannot be stored.",
    ledger: "Counting does not run.",
    lag: "Counting lags behind the reports that arrive.",
    registry: "The register of links cannot be read.",
  },
  footer: "Figures of the running month are provisional until the month is closed.",
  seconds: (n) => plural(n, "second"),
  minutes: (n) => plural(n, "minute"),
  hours: (n) => plural(n, "hour"),
  days: (n) => plural(n, "day"),
  timeDot: ":",
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  monthsLong: [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ],
};

export const words: Record<Language, Words> = { id, en };
