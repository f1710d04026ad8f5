// SPDX-License-Identifier: Apache-2.0
// Bahasa Indonesia or English: chosen once for the page, read by every part. Each view has its own
// words; the common ones are in words.ts.

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import { words } from "./words";
import type { Words } from "./words";

export type Language = "id" | "en";

const key = "pantau.language";

export const LanguageContext = createContext<Language>("id");

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** A view's own words in the language of the page. */
export function useWords<T>(both: Record<Language, T>): T {
  return both[useContext(LanguageContext)];
}

/** The words that all views share. */
export function useCommon(): Words {
  return words[useContext(LanguageContext)];
}

export function savedLanguage(): Language {
  try {
    return localStorage.getItem(key) === "en" ? "en" : "id";
  } catch {
    return "id"; // storage is forbidden in some browsers
  }
}

export function saveLanguage(language: Language): void {
  document.documentElement.lang = language;
  try {
    localStorage.setItem(key, language);
  } catch {
    // It will be asked for again.
  }
}
