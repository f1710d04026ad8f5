// SPDX-License-Identifier: Apache-2.0
import type { Language } from "../parts/language";

interface ShellWords {
  tagline: string;
  otherLanguage: string;
  otherShort: string;
  live: string;
  starting: string;
  lost: (age: string) => string;
  retry: string;
  faults: string;
  parts: Record<string, string>;
  menu: string;
  skip: string;
  logIn: string;
  logOut: string;
  account: string;
  waiting: (n: string) => string;
  user: string;
  password: string;
  show: string;
  hide: string;
  wrong: string;
  throttled: string;
  unreachable: string;
  loginHint: string;
  publicPage: string;
  ended: string;
  dark: string;
  light: string;
  roles: Record<string, string>;
  nothingHere: string;
  toWall: string;
  became: (desa: string, state: string) => string;
}

const id: ShellWords = {
  tagline: "Internet desa, diukur detik demi detik",
  otherLanguage: "English",
  otherShort: "EN",
  live: "Langsung",
  starting: "Memuat…",
  lost: (age) =>
    `Sambungan halaman ini ke server terputus ${age} lalu. ` +
    "Keadaan di bawah adalah yang terakhir diketahui.",
  retry: "Coba sekarang",
  faults: "Ada gangguan pada sistem pemantauan. Keadaan di bawah mungkin bukan yang terbaru.",
  parts: {
    ingest: "Penerima laporan tidak menjawab.",
    journal: "Laporan yang datang tidak dapat disimpan.",
    ledger: "Penghitung tidak berjalan.",
    lag: "Penghitung tertinggal dari laporan yang datang.",
    registry: "Daftar sambungan tidak terbaca.",
  },
  menu: "Halaman",
  skip: "Langsung ke isi",
  logIn: "Masuk",
  logOut: "Keluar",
  account: "Akun saya: ganti kata sandi",
  waiting: (n) => `${n} menunggu keputusan`,
  user: "Nama pengguna",
  password: "Kata sandi",
  show: "Perlihatkan",
  hide: "Sembunyikan",
  wrong: "Nama pengguna atau kata sandi salah.",
  throttled: "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.",
  unreachable: "Server tidak menjawab. Coba lagi sebentar lagi.",
  loginHint: "Untuk petugas NOC, kabupaten/kota, dan penyedia.",
  publicPage: "Bukan petugas? Lihat internet desa Anda",
  ended: "Sesi Anda telah berakhir. Silakan masuk lagi.",
  dark: "Tampilan gelap",
  light: "Tampilan terang",
  roles: { admin: "Administrator", noc: "NOC", officer: "Petugas", provider: "Penyedia" },
  nothingHere: "Tidak ada halaman di alamat ini.",
  toWall: "Ke halaman utama",
  became: (desa, state) => `${desa}: ${state}`,
};

const en: ShellWords = {
  tagline: "Village internet, measured second by second",
  otherLanguage: "Bahasa Indonesia",
  otherShort: "ID",
  live: "Live",
  starting: "Loading…",
  lost: (age) =>
    `This page lost its connection to the server ${age} ago. Below is what was last known.`,
  retry: "Try now",
  faults: "The monitoring system has a fault. What is shown below may not be the latest.",
  parts: {
    ingest: "The receiver of reports does not answer.",
    journal: "Reports that arrive cannot be stored.",
    ledger: "Counting does not run.",
    lag: "Counting lags behind the reports that arrive.",
    registry: "The register of links cannot be read.",
  },
  menu: "Pages",
  skip: "Skip to the content",
  logIn: "Log in",
  logOut: "Log out",
  account: "My account: change the password",
  waiting: (n) => `${n} wait for a decision`,
  user: "User name",
  password: "Password",
  show: "Show",
  hide: "Hide",
  wrong: "User name or password is wrong.",
  throttled: "Too many tries. Wait a few minutes, then try again.",
  unreachable: "The server does not answer. Try again in a moment.",
  loginHint: "For the staff of NOC, kabupaten/kota and providers.",
  publicPage: "Not staff? See the internet of your village",
  ended: "Your session has ended. Please log in again.",
  dark: "Dark",
  light: "Light",
  roles: { admin: "Administrator", noc: "NOC", officer: "Officer", provider: "Provider" },
  nothingHere: "There is no page at this address.",
  toWall: "To the first page",
  became: (desa, state) => `${desa}: ${state}`,
};

export const words: Record<Language, ShellWords> = { id, en };
