// SPDX-License-Identifier: Apache-2.0
// The words that all views share: states, causes, units. Each view has its own beside it.

import type { Limit, Shown } from "../live/shown";
import type { Language } from "./language";

export interface Words {
  loading: string;
  retry: string;
  send: string;
  cancel: string;
  more: string;
  shownOf: (shown: string, total: string) => string;
  rupiah: (amount: string) => string;
  failed: string; // before a sentence that says why
  forbidden: string;
  kabupaten: string;
  provider: string;
  all: string;
  table: string;
  states: Record<Shown, string>;
  stateHints: Record<Shown, string>;
  causes: Record<string, string>;
  limits: Record<Limit, string>;
  namesFail: (who: string) => string;
  kinds: Record<string, string>;
  since: (time: string, age: string) => string;
  ago: (age: string) => string;
  justNow: string;
  neverReported: string;
  seconds: (n: number) => string;
  minutes: (n: number) => string;
  hours: (n: number) => string;
  days: (n: number) => string;
  timeDot: string;
  months: string[];
  monthsLong: string[];
}

const id: Words = {
  loading: "Memuat…",
  retry: "Coba lagi",
  send: "Kirim",
  cancel: "Batal",
  more: "Tampilkan lagi",
  shownOf: (shown, total) => `${shown} dari ${total}`,
  rupiah: (amount) => `Rp ${amount}`,
  failed: "Tidak berhasil.",
  forbidden: "Akun ini tidak berhak melihat halaman ini.",
  kabupaten: "Kabupaten/kota",
  provider: "Penyedia",
  all: "Semua",
  table: "Tabel",
  states: {
    up: "Normal",
    degraded: "Lambat",
    down: "Putus",
    unknown: "Belum pasti",
    power: "Listrik padam",
    silent: "Tidak ada kabar",
    excluded: "Dikecualikan",
    never: "Belum pernah lapor",
  },
  stateHints: {
    up: "Internet di desa ini bekerja.",
    degraded: "Internet di desa ini tersambung, tetapi lebih buruk daripada batas kontraknya.",
    down: "Internet di desa ini tidak bekerja, terbukti dari ukuran di tempat.",
    unknown: "Ukuran yang ada belum cukup untuk menyatakan normal atau putus.",
    power: "Router tidak mendapat listrik, atau dicabut. Belum dihitung sebagai putus.",
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
  limits: {
    rtt: "Waktu tanggap terlalu lama",
    loss: "Terlalu banyak paket hilang",
    pdv: "Waktu tanggap naik turun",
    speed: "Lebih pelan daripada kontrak",
  },
  namesFail: (who) => `Nama situs tidak terjawab (DNS ${who})`,
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
  loading: "Loading…",
  retry: "Try again",
  send: "Send",
  cancel: "Cancel",
  more: "Show more",
  shownOf: (shown, total) => `${shown} of ${total}`,
  rupiah: (amount) => `Rp ${amount}`,
  failed: "It did not work.",
  forbidden: "This account may not see this page.",
  kabupaten: "Kabupaten/kota",
  provider: "Provider",
  all: "All",
  table: "Table",
  states: {
    up: "Normal",
    degraded: "Degraded",
    down: "Down",
    unknown: "Not certain",
    power: "Power cut",
    silent: "No news",
    excluded: "Excluded",
    never: "Never reported",
  },
  stateHints: {
    up: "The internet works in this village.",
    degraded: "The internet works in this village, but worse than the limits of its contract.",
    down: "The internet does not work in this village, proven by measurement on the spot.",
    unknown: "What was measured does not yet suffice to say up or down.",
    power: "The router had no power, or was unplugged. This does not count as down.",
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
  limits: {
    rtt: "Responses take too long",
    loss: "Too many packets are lost",
    pdv: "Response times vary too much",
    speed: "Slower than the contract",
  },
  namesFail: (who) => `Names are not answered (DNS ${who})`,
  kinds: { fibre: "Fibre", "4g": "4G", vsat: "VSAT", starlink: "Starlink", wireless: "Wireless" },
  since: (time, age) => `since ${time} · ${age}`,
  ago: (age) => `${age} ago`,
  justNow: "Just now",
  neverReported: "Never",
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
