// SPDX-License-Identifier: Apache-2.0
import type { Class } from "../api/links";
import type { Language } from "../parts/language";

export type Group = "rtt" | "loss" | "pdv" | "speed" | "traffic";

export interface LinkWords {
  missing: string;
  back: string;
  facts: string;
  provider: string;
  speed: string;
  target: string;
  window: (minutes: string) => string;
  windowName: string;
  contractFrom: string;
  noContract: string;
  lastReport: string;
  rtt: string;
  loss: string;
  day: string;
  month: string;
  timeline: string;
  timelineHint: string;
  timelineLabel: string;
  nothing: string;
  pickTime: string;
  explain: string;
  previous: string;
  next: string;
  close: string;
  explainTitle: string;
  classes: Record<Class | "none", string>;
  dayColumn: string;
  charts: string;
  groups: Record<Group, string>;
  groupHints: Record<Group, string>;
  lines: Record<string, string>;
  spans: Record<number, string>;
  zoomHint: string;
  zoomIn: string;
  zoomOut: string;
  earlier: string;
  later: string;
  noPoints: string;
  chartColumns: { at: string; low: string; middle: string; high: string; count: string };
  outages: string;
  noOutages: string;
  outageColumns: {
    start: string;
    end: string;
    length: string;
    cause: string;
    evidence: string;
    ticket: string;
  };
  evidence: (lost: string, answered: string) => string;
  lasting: string;
  orLonger: (long: string) => string;
  objected: string;
  router: string;
  device: (agent: number, wan: string) => string;
  deviceSince: (time: string) => string;
  deviceUntil: (time: string) => string;
  starts: (n: number) => string;
  startColumns: { at: string; why: string; software: string };
  startReasons: Record<string, string>;
  noStarts: string;
  flags: (n: number) => string;
  flagsAnswer: string;
  spool: string;
  spoolSent: (time: string) => string;
  spoolNever: string;
  spoolWaits: (long: string) => string;
  waiting: string;
  waitingUnknown: string;
  waitingNone: string;
  waitingSince: (time: string) => string;
  waitingSent: (records: string, time: string) => string;
  waitingLeft: (records: string, time: string) => string;
  dropsName: string;
  drops: (records: string, time: string) => string;
  noDrops: string;
  clock: string;
  clockBy: Record<"ntp" | "collector" | "manual" | "unknown", string>;
  clockIs: (source: string, error: string, time: string) => string;
  noClock: string;
  drift: string;
  driftFast: (ppm: string, daily: string) => string;
  driftSlow: (ppm: string, daily: string) => string;
  driftSure: (error: string) => string;
  driftNone: (error: string) => string;
  data: string;
  dataUsed: (megabytes: string, tests: string) => string;
  overBudget: (tests: string) => string;
  budget: string;
  budgetUsed: (used: string, budget: string) => string;
  budgetOwn: string;
}

const id: LinkWords = {
  missing: "Sambungan ini tidak ada, atau tidak termasuk yang boleh dilihat akun ini.",
  back: "Ke dinding",
  facts: "Kontrak",
  provider: "Penyedia",
  speed: "Kecepatan kontrak (unduh / unggah)",
  target: "Batas ketersediaan",
  window: (minutes) => `gangguan mulai ${minutes}`,
  windowName: "Dihitung putus",
  contractFrom: "Berlaku sejak",
  noContract: "Belum ada kontrak, jadi waktunya belum dihitung.",
  lastReport: "Laporan terakhir",
  rtt: "Waktu tanggap",
  loss: "Paket hilang",
  day: "Diketahui, 24 jam",
  month: "Bulan",
  timeline: "Sebulan, menit demi menit",
  timelineHint:
    "Satu baris satu hari. Ketuk sebuah saat untuk membaca mengapa dihitung demikian. Papan " +
    "ketik: panah memindahkan, Enter menjelaskan.",
  timelineLabel: "Garis waktu sebulan",
  nothing: "Tidak dihitung di baris mana pun",
  pickTime: "Tanggal dan jam",
  explain: "Jelaskan",
  previous: "Perubahan sebelumnya",
  next: "Perubahan berikutnya",
  close: "Tutup",
  explainTitle: "Mengapa dihitung begini?",
  classes: {
    U: "Normal",
    D: "Putus",
    N: "Belum pasti",
    E: "Dikecualikan",
    none: "Tanpa kontrak",
  },
  dayColumn: "Tanggal",
  charts: "Hasil ukur",
  groups: {
    rtt: "Waktu tanggap",
    loss: "Paket hilang",
    pdv: "Naik-turun tanggapan",
    speed: "Kecepatan",
    traffic: "Pemakaian",
  },
  groupHints: {
    rtt: "Lama menunggu jawaban dari internet (RTT). Makin rendah makin baik.",
    loss: "Bagian dari pesan uji yang tidak dijawab. 0% yang terbaik.",
    pdv: "Seberapa jauh waktu tanggap berubah-ubah (PDV). Makin rendah makin baik.",
    speed: "Hasil uji kecepatan, dibanding kontrak.",
    traffic: "Data yang lewat di sambungan ini.",
  },
  lines: {
    rtt: "Tengah (pita: terendah sampai 95%)",
    loss: "Paket hilang",
    pdv: "Tengah (pita: terendah sampai 95%)",
    down: "Unduh",
    up: "Unggah",
    rx: "Masuk",
    tx: "Keluar",
  },
  spans: { 1: "1 hari", 7: "7 hari", 30: "30 hari" },
  zoomHint: "Seret pada grafik untuk memperbesar.",
  zoomIn: "Perbesar",
  zoomOut: "Perkecil",
  earlier: "Lebih awal",
  later: "Lebih akhir",
  noPoints: "Tidak ada hasil ukur dalam waktu ini.",
  chartColumns: {
    at: "Waktu",
    low: "Terendah",
    middle: "Tengah",
    high: "Tertinggi",
    count: "Banyaknya",
  },
  outages: "Gangguan bulan ini",
  noOutages: "Tidak ada gangguan dalam bulan ini.",
  outageColumns: {
    start: "Mulai",
    end: "Selesai",
    length: "Lamanya",
    cause: "Sebab",
    evidence: "Bukti",
    ticket: "Tiket",
  },
  evidence: (lost, answered) => `Pertama tak dijawab ${lost}; pertama dijawab lagi ${answered}`,
  lasting: "masih berlangsung",
  orLonger: (long) => `paling lama ${long}`,
  objected: "Ada keberatan",
  router: "Alat ukur",
  device: (agent, wan) => `Alat ukur ${agent}, port ${wan}`,
  deviceSince: (time) => `dipasang ${time}`,
  deviceUntil: (time) => `sampai ${time}`,
  starts: (n) => `Dinyalakan ${n} kali dalam 30 hari`,
  startColumns: { at: "Waktu", why: "Karena", software: "Versi" },
  startReasons: {
    first: "Pertama kali dipasang",
    power: "Listrik sempat padam",
    reboot: "Dinyalakan ulang",
    watchdog: "Macet, dipulihkan sendiri",
    panic: "Sistem rusak, dipulihkan sendiri",
    crash: "Program berhenti mendadak",
    upgrade: "Pembaruan program",
    restart: "Program dimulai ulang",
    unknown: "Tidak diketahui",
  },
  noStarts: "Belum pernah menyala.",
  flags: (n) =>
    `${n} tanda belum dijawab: yang dikatakan alat ukur dan yang dilihat kolektor ` +
    "tidak mungkin benar bersama. Angka tidak berubah.",
  flagsAnswer: "Lihat di Keputusan",
  spool: "Hasil ukur terkirim",
  spoolSent: (time) => `sampai ${time}`,
  spoolNever: "belum ada",
  spoolWaits: (long) => `; ${long} terakhir belum datang`,
  waiting: "Menunggu di alat",
  waitingUnknown: "belum diketahui; alat belum tersambung sejak server pemantauan dinyalakan",
  waitingNone: "tidak ada",
  waitingSince: (time) =>
    `tidak ada ketika tersambung ${time}; yang diukur setelah terputus belum diketahui`,
  waitingSent: (records, time) => `${records} catatan dari sebelum ${time}, sedang dikirim`,
  waitingLeft: (records, time) =>
    `${records} catatan dari sebelum ${time}; yang diukur setelah terputus belum diketahui`,
  dropsName: "Terbuang karena penuh",
  drops: (records, time) => `${records} catatan dalam 30 hari, terakhir ${time}`,
  noDrops: "tidak ada dalam 30 hari",
  clock: "Jam alat",
  clockBy: {
    ntp: "dari internet (NTP)",
    collector: "dari server pemantauan",
    manual: "diatur tangan",
    unknown: "tidak dikenal",
  },
  clockIs: (source, error, time) => `${source}, meleset paling banyak ${error}, dicek ${time}`,
  noClock: "belum tahu jam berapa",
  drift: "Laju jam alat",
  driftFast: (ppm, daily) => `terlalu cepat ${ppm} ppm (${daily} detik sehari)`,
  driftSlow: (ppm, daily) => `terlalu lambat ${ppm} ppm (${daily} detik sehari)`,
  driftSure: (error) => `, dengan ketelitian ±${error} ppm`,
  driftNone: (error) => `tepat, sejauh terukur (${error} ppm)`,
  data: "Data uji kecepatan bulan ini",
  dataUsed: (megabytes, tests) => `${megabytes} MB dalam ${tests} uji`,
  overBudget: (tests) => `; ${tests} uji dilewati karena jatah data habis`,
  budget: "Jatah data uji kecepatan",
  budgetUsed: (used, budget) => `${used} MB dari ${budget} MB terpakai dalam 30 hari`,
  budgetOwn: "diatur di alat",
};

const en: LinkWords = {
  missing: "There is no such link, or this account may not see it.",
  back: "To the wall",
  facts: "Contract",
  provider: "Provider",
  speed: "Contracted speed (down / up)",
  target: "Availability target",
  window: (minutes) => `from ${minutes} on`,
  windowName: "Counts as down",
  contractFrom: "In force since",
  noContract: "There is no contract yet, so its time does not count.",
  lastReport: "Last report",
  rtt: "Response time",
  loss: "Packets lost",
  day: "Known, 24 hours",
  month: "Month",
  timeline: "The month, minute by minute",
  timelineHint:
    "A row is a day. Choose a moment to read why it counts as it does. Keyboard: arrows move, " +
    "Enter explains.",
  timelineLabel: "Timeline of the month",
  nothing: "Counts in no row",
  pickTime: "Date and time",
  explain: "Explain",
  previous: "Change before",
  next: "Next change",
  close: "Close",
  explainTitle: "Why does it count like this?",
  classes: { U: "Up", D: "Down", N: "Not certain", E: "Excluded", none: "No contract" },
  dayColumn: "Day",
  charts: "Measurements",
  groups: {
    rtt: "Response time",
    loss: "Packets lost",
    pdv: "Variation",
    speed: "Speed",
    traffic: "Traffic",
  },
  groupHints: {
    rtt: "How long answers from the internet take (RTT). Lower is better.",
    loss: "The part of the test packets that nobody answered. 0% is best.",
    pdv: "How much response times vary (PDV). Lower is better.",
    speed: "Speed tests, beside the contract.",
    traffic: "Data that went over this link.",
  },
  lines: {
    rtt: "Median (band: least to 95%)",
    loss: "Packets lost",
    pdv: "Median (band: least to 95%)",
    down: "Download",
    up: "Upload",
    rx: "In",
    tx: "Out",
  },
  spans: { 1: "1 day", 7: "7 days", 30: "30 days" },
  zoomHint: "Drag on the chart to zoom in.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  earlier: "Earlier",
  later: "Later",
  noPoints: "Nothing was measured in this time.",
  chartColumns: {
    at: "Time",
    low: "Lowest",
    middle: "Middle",
    high: "Highest",
    count: "Count",
  },
  outages: "Outages of the month",
  noOutages: "No outage in this month.",
  outageColumns: {
    start: "Began",
    end: "Ended",
    length: "Length",
    cause: "Cause",
    evidence: "Evidence",
    ticket: "Ticket",
  },
  evidence: (lost, answered) => `First not answered ${lost}; first answered again ${answered}`,
  lasting: "lasts",
  orLonger: (long) => `${long} at most`,
  objected: "Objected to",
  router: "Measuring device",
  device: (agent, wan) => `Device ${agent}, port ${wan}`,
  deviceSince: (time) => `installed ${time}`,
  deviceUntil: (time) => `until ${time}`,
  starts: (n) => `Started ${n === 1 ? "once" : `${n} times`} in 30 days`,
  startColumns: { at: "Time", why: "Because", software: "Version" },
  startReasons: {
    first: "First installed",
    power: "Power was lost",
    reboot: "Rebooted",
    watchdog: "Hung; recovered by itself",
    panic: "System failed; recovered by itself",
    crash: "The program ended abruptly",
    upgrade: "Program updated",
    restart: "Program restarted",
    unknown: "Not known",
  },
  noStarts: "It never started yet.",
  flags: (n) =>
    `${n === 1 ? "One flag is" : `${n} flags are`} not answered: what the router says and ` +
    "what the collector saw cannot both be true. No figure changes by it.",
  flagsAnswer: "See it among the decisions",
  spool: "Measurements sent",
  spoolSent: (time) => `up to ${time}`,
  spoolNever: "none yet",
  spoolWaits: (long) => `; those of the last ${long} have not come`,
  waiting: "Waiting on the device",
  waitingUnknown: "not known; it has not connected since the monitoring server began",
  waitingNone: "nothing",
  waitingSince: (time) =>
    `nothing when it connected ${time}; what it measured after that broke is not known`,
  waitingSent: (records, time) => `${records} records from before ${time}, being sent`,
  waitingLeft: (records, time) =>
    `${records} records from before ${time}; what it measured after that broke is not known`,
  dropsName: "Dropped, being full",
  drops: (records, time) => `${records} records in 30 days, last ${time}`,
  noDrops: "none in 30 days",
  clock: "The device's clock",
  clockBy: {
    ntp: "from the internet (NTP)",
    collector: "from the monitoring server",
    manual: "set by hand",
    unknown: "not known",
  },
  clockIs: (source, error, time) => `${source}, off by ${error} at most, checked ${time}`,
  noClock: "does not know the time yet",
  drift: "Pace of its clock",
  driftFast: (ppm, daily) => `fast by ${ppm} ppm (${daily} seconds a day)`,
  driftSlow: (ppm, daily) => `slow by ${ppm} ppm (${daily} seconds a day)`,
  driftSure: (error) => `, give or take ${error} ppm`,
  driftNone: (error) => `right, as far as it can be told (${error} ppm)`,
  data: "Data of this month's speed tests",
  dataUsed: (megabytes, tests) => `${megabytes} MB in ${tests} tests`,
  overBudget: (tests) => `; ${tests} tests left out, the data budget being spent`,
  budget: "Data budget of speed tests",
  budgetUsed: (used, budget) => `${used} MB of ${budget} MB used in 30 days`,
  budgetOwn: "set on the device",
};

export const words: Record<Language, LinkWords> = { id, en };
