// SPDX-License-Identifier: Apache-2.0
import type { Language } from "../parts/language";

interface AccountWords {
  title: string;
  columns: { name: string; role: string; scope: string; created: string; actions: string };
  roles: Record<string, string>;
  roleHints: Record<string, string>;
  add: string;
  name: string;
  role: string;
  choose: string;
  everything: string;
  removed: string;
  passwordOf: (name: string) => string;
  once: string;
  newPassword: string;
  remove: string;
  sure: string;
  keep: string;
}

const id: AccountWords = {
  title: "Pengguna",
  columns: {
    name: "Nama pengguna",
    role: "Peran",
    scope: "Wilayah atau penyedia",
    created: "Dibuat",
    actions: "Tindakan",
  },
  roles: { admin: "Administrator", noc: "NOC", officer: "Petugas", provider: "Penyedia" },
  roleHints: {
    admin: "Semuanya, termasuk pengguna",
    noc: "Melihat semuanya, mencatat tiket, mengusulkan pengecualian",
    officer: "Memutuskan dan mengambil laporan di satu kabupaten/kota",
    provider: "Melihat sambungannya sendiri, dan mengajukan keberatan",
  },
  add: "Tambah pengguna",
  name: "Nama pengguna",
  role: "Peran",
  choose: "Pilih",
  everything: "Semua",
  removed: "dihapus",
  passwordOf: (name) => `Kata sandi untuk ${name}`,
  once: "Catat sekarang: kata sandi ini tidak akan diperlihatkan lagi.",
  newPassword: "Kata sandi baru",
  remove: "Hapus",
  sure: "Ya, hapus",
  keep: "Batal",
};

const en: AccountWords = {
  title: "Users",
  columns: {
    name: "User name",
    role: "Role",
    scope: "Region or provider",
    created: "Made",
    actions: "Actions",
  },
  roles: { admin: "Administrator", noc: "NOC", officer: "Officer", provider: "Provider" },
  roleHints: {
    admin: "Everything, users too",
    noc: "Sees everything, notes tickets, proposes exclusions",
    officer: "Decides and takes reports in one kabupaten/kota",
    provider: "Sees its own links, and objects",
  },
  add: "Add a user",
  name: "User name",
  role: "Role",
  choose: "Choose",
  everything: "All",
  removed: "removed",
  passwordOf: (name) => `Password of ${name}`,
  once: "Write it down now: it will not be shown again.",
  newPassword: "New password",
  remove: "Remove",
  sure: "Yes, remove",
  keep: "Cancel",
};

export const words: Record<Language, AccountWords> = { id, en };
