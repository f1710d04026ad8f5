// SPDX-License-Identifier: Apache-2.0
import type { By } from "../api/comparison";
import type { Language } from "../parts/language";

export type Sort = "name" | "links" | "low" | "high" | "missed" | "speed" | "proven" | "possible";

interface CompareWords {
  title: string;
  hint: string;
  by: string;
  groups: Record<By, string>;
  month: string;
  span: string;
  spans: Record<string, string>;
  within: string;
  tableTitle: (month: string) => string;
  sorted: string;
  columns: Record<Sort, string>;
  availability: string;
  verdicts: string;
  met: (n: string) => string;
  missed: (n: string) => string;
  undecided: (n: string) => string;
  never: (n: string) => string;
  speedOf: (measured: string, promised: string) => string;
  speedVerdict: (missed: string, judged: string) => string;
  noTests: string;
  wall: (name: string) => string;
  all: string;
  trend: string;
  trendHint: string;
  trendOf: (name: string) => string;
  figures: string;
  none: string;
  provisional: string;
  countedTo: (time: string) => string;
  csv: string;
  scale: (low: string) => string;
  restitution: string;
  targets: {
    title: string;
    hint: string;
    provider: string;
    pairs: string;
    onlyTest: string;
    onlyRest: string;
    test: string;
    rest: string;
    gain: string;
    others: string;
    better: string;
    named: Record<"loss" | "rtt" | "loss rtt", string>;
    few: string;
    alike: string;
  };
}

const id: CompareWords = {
  title: "Perbandingan",
  hint:
    "Angka tiap kelompok adalah jumlah detik dan rupiah semua sambungannya, bukan rata-rata. " +
    "Kecepatan: nilai tengah uji unduh tiap sambungan dijumlah, dibagi jumlah kecepatan " +
    "kontraknya.",
  by: "Bandingkan",
  groups: { provider: "Penyedia", kabupaten: "Kabupaten/kota" },
  month: "Bulan",
  span: "Tren",
  spans: { "3": "3 bulan", "6": "6 bulan", "12": "12 bulan" },
  within: "Hanya di",
  tableTitle: (month) => `Perbandingan ${month}`,
  sorted: "diurutkan menurut kolom ini",
  columns: {
    name: "Nama",
    links: "Sambungan",
    low: "Paling rendah",
    high: "Paling tinggi",
    missed: "Putusan",
    speed: "Kecepatan",
    proven: "Restitusi terbukti",
    possible: "Restitusi mungkin",
  },
  availability: "Ketersediaan",
  verdicts: "Putusan",
  met: (n) => `${n} memenuhi`,
  missed: (n) => `${n} tidak memenuhi`,
  undecided: (n) => `${n} data belum cukup`,
  never: (n) => `${n} belum pernah melapor`,
  speedOf: (measured, promised) => `${measured} dari ${promised} Mbit/s`,
  speedVerdict: (missed, judged) => `${missed} dari ${judged} kurang`,
  noTests: "Belum ada uji",
  wall: (name) => `Lihat sambungan ${name} di dinding`,
  all: "Semua sambungan",
  trend: "Tren per bulan",
  trendHint:
    "Garis tegak: dari ketersediaan paling rendah sampai paling tinggi yang mungkin. Makin " +
    "pendek, makin pasti.",
  trendOf: (name) => `Tren ${name}`,
  figures: "Angka",
  none: "Belum ada yang dihitung dalam bulan ini.",
  provisional: "sementara",
  countedTo: (time) => `dihitung sampai ${time}`,
  csv: "Unduh CSV",
  scale: (low) => `Skala: ${low} sampai 100%`,
  restitution: "Restitusi",
  targets: {
    title: "Server uji dan tujuan lain",
    hint:
      "Dalam satu ronde keduanya ditanya bersama. Penyedia disebut bila jalurnya ke server uji " +
      "lebih baik daripada ke tujuan lain, melebihi penyedia lain dan melebihi kebetulan. Jalur " +
      "pendek bukan bukti kecurangan.",
    provider: "Penyedia",
    pairs: "Ronde",
    onlyTest: "Hanya server uji",
    onlyRest: "Hanya lainnya",
    test: "Server uji (ms)",
    rest: "Lainnya (ms)",
    gain: "Selisih (ms)",
    others: "Selisih penyedia lain (ms)",
    better: "Jalur ke server uji",
    named: {
      loss: "lebih baik: hilang",
      rtt: "lebih baik: RTT",
      "loss rtt": "lebih baik: hilang dan RTT",
    },
    few: "pembanding kurang",
    alike: "tidak berbeda",
  },
};

const en: CompareWords = {
  title: "Comparison",
  hint:
    "A group's figures are sums of its links' seconds and rupiah, never averages. Speed: the " +
    "medians of its links' downloads added up, of what their contracts promise.",
  by: "Compare",
  groups: { provider: "Providers", kabupaten: "Kabupaten/kota" },
  month: "Month",
  span: "Trend",
  spans: { "3": "3 months", "6": "6 months", "12": "12 months" },
  within: "Only in",
  tableTitle: (month) => `Comparison of ${month}`,
  sorted: "sorted by this column",
  columns: {
    name: "Name",
    links: "Links",
    low: "Lowest",
    high: "Highest",
    missed: "Verdicts",
    speed: "Speed",
    proven: "Restitution, proven",
    possible: "Restitution, possible",
  },
  availability: "Availability",
  verdicts: "Verdicts",
  met: (n) => `${n} met`,
  missed: (n) => `${n} missed`,
  undecided: (n) => `${n} not enough data`,
  never: (n) => `${n} never reported`,
  speedOf: (measured, promised) => `${measured} of ${promised} Mbit/s`,
  speedVerdict: (missed, judged) => `${missed} of ${judged} too slow`,
  noTests: "No tests yet",
  wall: (name) => `See the links of ${name} on the wall`,
  all: "All links",
  trend: "Month by month",
  trendHint:
    "An upright line goes from the lowest possible availability to the highest. The shorter, " +
    "the surer.",
  trendOf: (name) => `Trend of ${name}`,
  figures: "Figures",
  none: "Nothing is counted in this month yet.",
  provisional: "provisional",
  countedTo: (time) => `counted up to ${time}`,
  csv: "Download CSV",
  scale: (low) => `Scale: ${low} to 100%`,
  restitution: "Restitution",
  targets: {
    title: "The test server and other targets",
    hint:
      "Both were asked in the same round. A provider is named when its way to the test server is " +
      "better than to the rest, by more than other providers' and by more than chance. A short " +
      "way is no proof of cheating.",
    provider: "Provider",
    pairs: "Rounds",
    onlyTest: "Test server alone",
    onlyRest: "Other alone",
    test: "Test server (ms)",
    rest: "Other (ms)",
    gain: "Gain (ms)",
    others: "Other providers' gain (ms)",
    better: "Way to the test server",
    named: { loss: "better: loss", rtt: "better: RTT", "loss rtt": "better: loss and RTT" },
    few: "too few to compare",
    alike: "no difference",
  },
};

export const words: Record<Language, CompareWords> = { id, en };
