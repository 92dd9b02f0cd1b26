/**
 * Numbers as people type them on a phone: full-width digits, a comma or a Chinese full stop for the point. The same as
 * bulou/core/reading.py; tests/agreement holds the two together.
 */

/** Return what was typed in plain ASCII; other signs are left, to be told of. */
export function plain(typed: string): string {
  return typed
    .normalize("NFKC")
    .replace(/[。,、·｡]/g, ".")
    .replace(/[—–−‐‑]/g, "-")
    .replace(/[\s\ufeff\u200b]/g, "");
}

/** Return the number, null for nothing typed, undefined for what is none. */
export function numberOf(typed: string, whole: boolean): number | null | undefined {
  const text = plain(typed);
  if (text === "") return null;
  if (!(whole ? /^[+-]?\d{1,15}$/ : /^[+-]?(\d{1,12}(\.\d*)?|\.\d{1,12})$/).test(text)) return undefined;
  const number = Number(text);
  return whole && Math.abs(number) > 2_147_483_647 ? undefined : number;
}

/** What a temperature typed without its point may have meant: asked about, and never taken by itself. 365 is 36.5? */
export function suggested(typed: string): number | undefined {
  const number = numberOf(typed, true);
  return number != null && number >= 340 && number <= 439 ? number / 10 : undefined;
}

/** Return the number a step further, without the dust of binary fractions. */
export function stepped(number: number, step: number): number {
  return Number((number + step).toFixed(6));
}
