// SPDX-License-Identifier: Apache-2.0
// What a refusal means for who meets it, and what to do next. The server's code decides which
// sentence it is (ErrorCode in web/openapi/common.json); its own words, which are English and for
// logs, stand beside where the sentence alone does not say what is wrong.

import { AskError } from "../api/ask";
import type { Language } from "./language";

export interface RefusalWords {
  codes: Record<string, string>;
  missing: (field: string) => string;
  value: (field: string) => string;
  time: (field: string) => string;
  fields: Record<string, string>;
  unknown: string;
}

const id: RefusalWords = {
  codes: {
    missing: "Ada isian yang masih kosong. Lengkapi, lalu kirim lagi.",
    value: "Ada isian yang tidak dapat diterima. Periksa, lalu kirim lagi.",
    time:
      "Waktunya tidak dapat diterima: mulai harus sebelum selesai, tahunnya harus benar, " +
      "dan tidak boleh terlalu jauh ke depan. Perbaiki, lalu kirim lagi.",
    password:
      "Kata sandi tidak diterima: paling sedikit 12 karakter, tidak memuat nama akun, " +
      "dan bukan satu karakter yang diulang. Pilih yang lain.",
    "same-person":
      "Yang mengesahkan harus orang lain, bukan yang mengusulkan. Mintalah petugas lain.",
    login: "Sesi Anda telah berakhir. Masuk lagi, lalu ulangi.",
    credentials: "Nama pengguna atau kata sandi salah.",
    role: "Akun Anda tidak berhak melakukan ini. Hubungi administrator bila seharusnya berhak.",
    "not-yours": "Ini di luar wilayah atau sambungan akun Anda.",
    stale: "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi.",
    absent: "Sudah tidak ada, atau belum ada datanya. Muat ulang halaman, lalu periksa.",
    already: "Sudah diputuskan sebelumnya, mungkin oleh orang lain. Muat ulang halaman.",
    exists: "Sudah ada yang sama, atau waktunya bertumpuk dengan yang sudah ada.",
    "last-admin": "Ini administrator terakhir. Tambahkan administrator lain lebih dulu.",
    gone: "Data selama itu sudah tidak disimpan lagi.",
    length: "Isiannya terlalu panjang. Persingkat, lalu kirim lagi.",
    throttled: "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.",
    busy: "Server sedang sibuk. Tunggu sebentar, lalu coba lagi.",
    fault: "Ada gangguan di server. Coba lagi nanti; bila berulang, hubungi administrator.",
    offline: "Server tidak menjawab. Periksa internet Anda, lalu coba lagi.",
  },
  missing: (field) => `“${field}” masih kosong. Isi, lalu kirim lagi.`,
  value: (field) => `“${field}” tidak dapat diterima. Periksa, lalu kirim lagi.`,
  time: (field) => `“${field}” bukan tanggal dan jam yang benar. Perbaiki, lalu kirim lagi.`,
  fields: {
    from: "Mulai",
    to: "Sampai",
    at: "Waktu",
    outage: "Waktu putus",
    month: "Bulan",
    note: "Alasan",
    document: "Dokumen",
    reason: "Sebab",
    number: "Nomor tiket",
    name: "Nama pengguna",
    role: "Peran",
    kabupaten: "Kabupaten/kota",
    provider: "Penyedia",
    accept: "Alat yang benar",
    items: "Yang dipilih",
  },
  unknown: "Permintaan ini ditolak server. Coba lagi; bila berulang, hubungi administrator.",
};

const en: RefusalWords = {
  codes: {
    missing: "Something is not filled in yet. Fill it in, then send again.",
    value: "Something that was filled in cannot be taken. Check it, then send again.",
    time:
      "These times cannot be taken: it must begin before it ends, in the right year, " +
      "and not too far ahead. Correct them, then send again.",
    password:
      "This password is not taken: at least 12 characters, not the account's name in it, " +
      "and not one character repeated. Choose another one.",
    "same-person":
      "Who confirms must be another person than who proposed. Ask another officer.",
    login: "Your session has ended. Log in again, then repeat.",
    credentials: "User name or password is wrong.",
    role: "Your account may not do this. Ask an administrator if it should.",
    "not-yours": "This is outside of the region or the links of your account.",
    stale: "This page is out of date. Reload it, then repeat.",
    absent: "It is there no more, or has no data yet. Reload the page, then look again.",
    already: "It was decided before, perhaps by somebody else. Reload the page.",
    exists: "There is the same already, or its time overlaps with another's.",
    "last-admin": "This is the last administrator. Add another one first.",
    gone: "Data that old is not kept any more.",
    length: "It is too long. Shorten it, then send again.",
    throttled: "Too many tries. Wait a few minutes, then try again.",
    busy: "The server is busy. Wait a moment, then try again.",
    fault: "The server has a fault. Try again later; if it persists, tell an administrator.",
    offline: "The server does not answer. Check your internet, then try again.",
  },
  missing: (field) => `“${field}” is not filled in yet. Fill it in, then send again.`,
  value: (field) => `“${field}” cannot be taken. Check it, then send again.`,
  time: (field) => `“${field}” is no date and time. Correct it, then send again.`,
  fields: {
    from: "From",
    to: "To",
    at: "Time",
    outage: "Time of the outage",
    month: "Month",
    note: "Reason",
    document: "Document",
    reason: "Cause",
    number: "Ticket number",
    name: "User name",
    role: "Role",
    kabupaten: "Kabupaten/kota",
    provider: "Provider",
    accept: "The right device",
    items: "What was chosen",
  },
  unknown: "The server refused this. Try again; if it persists, tell an administrator.",
};

export const words: Record<Language, RefusalWords> = { id, en };

/** Codes whose sentence leaves open what is wrong. */
const open = ["value", "absent", "exists", "fault"];

export interface Refusal {
  text: string;
  detail: string; // the server's words; "" where nothing is missing without them
}

function ofField(code: string, parameter: string | null, w: RefusalWords): string | null {
  const field = w.fields[parameter ?? ""];
  if (!field || !(code === "missing" || code === "value" || code === "time")) return null;
  return w[code](field);
}

/** Of an AskError's parts. */
export function refusal(
  code: string,
  parameter: string | null,
  message: string,
  w: RefusalWords,
): Refusal {
  const known = w.codes[code];
  return {
    text: ofField(code, parameter, w) ?? known ?? w.unknown,
    detail: !known || open.includes(code) ? message : "",
  };
}

export function refusalOf(error: unknown, w: RefusalWords): Refusal {
  if (error instanceof AskError) return refusal(error.code, error.parameter, error.message, w);
  return { text: w.unknown, detail: error instanceof Error ? error.message : String(error) };
}
