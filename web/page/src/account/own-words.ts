// SPDX-License-Identifier: Apache-2.0
import type { Language } from "../parts/language";

interface OwnWords {
  title: string;
  who: (name: string, role: string) => string;
  change: string;
  hint: string;
  old: string;
  fresh: string;
  again: string;
  different: string;
  wrong: string;
  save: string;
  done: string;
}

const id: OwnWords = {
  title: "Akun saya",
  who: (name, role) => `${name} · ${role}`,
  change: "Ganti kata sandi",
  hint:
    "12 huruf atau lebih, tanpa nama pengguna di dalamnya. Perangkat lain yang masih masuk " +
    "dengan akun ini akan keluar.",
  old: "Kata sandi sekarang",
  fresh: "Kata sandi baru",
  again: "Kata sandi baru, sekali lagi",
  different: "Kedua kata sandi baru tidak sama.",
  wrong: "Kata sandi sekarang salah.",
  save: "Ganti",
  done: "Kata sandi sudah diganti.",
};

const en: OwnWords = {
  title: "My account",
  who: (name, role) => `${name} · ${role}`,
  change: "Change the password",
  hint:
    "12 letters or more, without the user name in it. Other devices that are logged in with " +
    "this account are logged out.",
  old: "Present password",
  fresh: "New password",
  again: "New password once more",
  different: "The two new passwords differ.",
  wrong: "The present password is wrong.",
  save: "Change",
  done: "The password was changed.",
};

export const words: Record<Language, OwnWords> = { id, en };
