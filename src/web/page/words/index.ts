/** What the page says, in each of its languages. */
import { EN } from './en.js';
import { FR } from './fr.js';
import type { Words } from './words.js';

export { PROBLEM_CODES, tell } from './messages.js';
export type { Words } from './words.js';

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, fr: FR };

const LANGUAGE_ITEM = 'cytolocus-language';

/** The language that was chosen before, else the browser's, else English. */
export function startLanguage(): Language {
  const wanted = [localStorage.getItem(LANGUAGE_ITEM) ?? [], ...navigator.languages].flat();
  return wanted.flatMap((tag) => LANGUAGES.find((code) => tag.startsWith(code)) ?? [])[0] ?? 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(LANGUAGE_ITEM, language);
}
