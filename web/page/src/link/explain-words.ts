// SPDX-License-Identifier: Apache-2.0
// The words of an explanation: one sentence for each thing that decided.
import type { Class } from "../api/links";
import type { Language } from "../parts/language";

export interface ExplainWords {
  verdict: Record<Class, string>;
  nowhere: Record<string, string>;
  stay: (from: string, to: string, long: string) => string;
  stayOpen: (from: string) => string;
  because: (cause: string) => string;
  tries: (made: number, lost: number, due: number) => string;
  allAnswered: (made: number) => string;
  asked: string;
  reached: (who: string, answered: number, asked: number) => string;
  who: Record<string, string>;
  carrierLost: string;
  received: (time: string) => string;
  heardLast: (time: string) => string;
  heardNext: (time: string) => string;
  heardNot: string;
  silenceHint: string;
  resets: Record<string, string>;
  rule: (window: string) => string;
  bothWays: (good: string, bad: string) => string;
  passStates: Record<"UP" | "DOWN", string>;
  outage: (from: string, to: string) => string;
  outageOpen: (from: string) => string;
  excluded: (reason: string, by: string, note: string) => string;
  notExcluded: (reason: string, why: string) => string;
  reasons: Record<string, string>;
  reachWhy: Record<string, string>;
  gone: string;
  details: string;
  columns: { at: string; who: string; target: string; outcome: string; rtt: string };
  outcomes: Record<string, string>;
}

const id: ExplainWords = {
  verdict: {
    U: "Dihitung normal: internet di desa ini bekerja.",
    D: "Dihitung putus: internet di desa ini tidak bekerja.",
    N: "Belum pasti: ukurannya tidak cukup, jadi tidak dihitung normal dan tidak dihitung putus.",
    E: "Tidak dihitung: waktu ini dikecualikan.",
  },
  nowhere: {
    "no-contract": "Saat ini tidak dihitung, karena belum ada kontrak.",
    "not-yet": "Saat ini belum terjadi.",
    "off-hours": "Saat ini di luar jam layanan kontrak.",
  },
  stay: (from, to, long) => `Keadaan ini dari ${from} sampai ${to} (${long}).`,
  stayOpen: (from) => `Keadaan ini sejak ${from}, dan belum berakhir.`,
  because: (cause) => `Sebab: ${cause}.`,
  tries: (made, lost, due) =>
    `Pada menit itu alat ukur mencoba ${made} dari ${due} kali; ${lost} kali tidak ada jawaban.`,
  allAnswered: (made) => `Pada menit itu alat ukur mencoba ${made} kali, dan selalu dijawab.`,
  asked: "Yang ditanya pada menit itu:",
  reached: (who, answered, asked) => `${who}: ${answered} dari ${asked} dijawab`,
  who: {
    internet: "Internet",
    gateway: "Perangkat penyedia di lokasi",
    edge: "Ujung jaringan penyedia",
    provider: "Jaringan penyedia",
  },
  carrierLost: "Kabel atau sinyal di router terputus.",
  received: (time) => `Catatan menit itu diterima ${time}.`,
  heardLast: (time) => `Kabar terakhir sebelumnya: ${time}.`,
  heardNext: (time) => `Kabar berikutnya: ${time}.`,
  heardNot: "Sesudah itu belum ada kabar.",
  silenceHint: "Tidak ada kabar tidak berarti internetnya putus.",
  resets: {
    "power-on": "Sesudahnya router menyala dari keadaan mati: listrik padam atau dicabut.",
    watchdog: "Sesudahnya router pulih sendiri dari macet.",
    panic: "Sesudahnya router pulih sendiri dari kerusakan sistem.",
  },
  rule: (window) => `Aturannya: putus dihitung bila berlangsung ${window} atau lebih.`,
  bothWays: (good, bad) =>
    `Bila yang tidak diketahui dianggap baik: ${good}. Bila dianggap buruk: ${bad}. ` +
    "Keduanya berbeda, jadi belum pasti.",
  passStates: { UP: "normal", DOWN: "putus" },
  outage: (from, to) => `Termasuk gangguan ${from} sampai ${to}.`,
  outageOpen: (from) => `Termasuk gangguan sejak ${from}, yang belum berakhir.`,
  excluded: (reason, by, note) => `Pengecualian: ${reason}, dicatat oleh ${by}: “${note}”.`,
  notExcluded: (reason, why) => `Ada pengecualian (${reason}), tetapi tidak berlaku: ${why}.`,
  reasons: {
    maintenance: "pemeliharaan",
    "force-majeure": "keadaan kahar",
    power: "listrik padam",
    customer: "di sisi pelanggan",
  },
  reachWhy: {
    revoked: "sudah dicabut",
    notice: "pemberitahuannya terlambat",
    unconfirmed: "belum disetujui orang kedua",
    "not-power": "bukan karena listrik",
    otherwise: "waktu ini dihitung lain",
  },
  gone: "Catatan menit demi menit dari waktu itu sudah dihapus sesuai masa simpan.",
  details: "Setiap percobaan pada menit itu",
  columns: { at: "Waktu", who: "Yang ditanya", target: "Alamat", outcome: "Hasil", rtt: "Lama" },
  outcomes: { answered: "dijawab", lost: "tidak dijawab", refused: "ditolak" },
};

const en: ExplainWords = {
  verdict: {
    U: "Counts as up: the internet in this village works.",
    D: "Counts as down: the internet in this village does not work.",
    N: "Not certain: too little was measured, so it counts neither as up nor as down.",
    E: "Does not count: this time is excluded.",
  },
  nowhere: {
    "no-contract": "This moment does not count: there was no contract yet.",
    "not-yet": "This moment has not come yet.",
    "off-hours": "This moment is outside the contract's service hours.",
  },
  stay: (from, to, long) => `So from ${from} to ${to} (${long}).`,
  stayOpen: (from) => `So since ${from}, without an end yet.`,
  because: (cause) => `Cause: ${cause}.`,
  tries: (made, lost, due) =>
    `In that minute the agent tried ${made} of ${due} times; ${lost} times nobody answered.`,
  allAnswered: (made) => `In that minute the agent tried ${made} times, and was always answered.`,
  asked: "Who was asked in that minute:",
  reached: (who, answered, asked) => `${who}: ${answered} of ${asked} answered`,
  who: {
    internet: "Internet",
    gateway: "The provider's box on the premises",
    edge: "Edge of the provider's network",
    provider: "The provider's network",
  },
  carrierLost: "Cable or signal at the router was lost.",
  received: (time) => `The record of that minute came ${time}.`,
  heardLast: (time) => `Last news before: ${time}.`,
  heardNext: (time) => `Next news: ${time}.`,
  heardNot: "No news since.",
  silenceHint: "No news does not mean that the internet is down.",
  resets: {
    "power-on": "Afterwards the router came up from being off: a power cut, or unplugged.",
    watchdog: "Afterwards the router had recovered from hanging.",
    panic: "Afterwards the router had recovered from a failure of its system.",
  },
  rule: (window) => `The rule: it counts as down when it lasts ${window} or longer.`,
  bothWays: (good, bad) =>
    `With what is unknown taken as good: ${good}. Taken as bad: ${bad}. ` +
    "They differ, so it is not certain.",
  passStates: { UP: "up", DOWN: "down" },
  outage: (from, to) => `Part of the outage from ${from} to ${to}.`,
  outageOpen: (from) => `Part of the outage since ${from}, which lasts.`,
  excluded: (reason, by, note) => `Exclusion: ${reason}, entered by ${by}: “${note}”.`,
  notExcluded: (reason, why) => `There is an exclusion (${reason}) that does not count: ${why}.`,
  reasons: {
    maintenance: "maintenance",
    "force-majeure": "force majeure",
    power: "power cut",
    customer: "on the customer's side",
  },
  reachWhy: {
    revoked: "it was revoked",
    notice: "notice came too late",
    unconfirmed: "no second person has confirmed it",
    "not-power": "it was not the power",
    otherwise: "this time counts otherwise",
  },
  gone: "The minutes of that time were deleted, as retention says.",
  details: "Each try in that minute",
  columns: { at: "Time", who: "Asked", target: "Address", outcome: "Outcome", rtt: "Took" },
  outcomes: { answered: "answered", lost: "not answered", refused: "refused" },
};

export const words: Record<Language, ExplainWords> = { id, en };
