// Every visible word of the shell, in both languages; what the server sends brings its own.
import type { Language, Words } from "../wire";
import { en } from "./en";
import { zhHans, type Key } from "./zh_Hans";

export type { Key };

export const dictionaries: Record<Language, Record<Key, string>> = { zh_Hans: zhHans, en };

/** The words for a key, `{n}` and the like filled in. */
export function inWords(language: Language, key: Key, said: Record<string, string | number> = {}): string {
  return dictionaries[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(said[name] ?? whole));
}

/** One of the server's pairs; a missing language falls back to the other rather than to nothing. */
export function either(words: Partial<Words> | string | null | undefined, language: Language): string {
  if (words === null || words === undefined) return "";
  if (typeof words === "string") return words;
  return words[language] ?? words.zh_Hans ?? words.en ?? "";
}
