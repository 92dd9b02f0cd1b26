/** Numbers as people type them on a phone: full-width digits, a comma or a Chinese full stop for the point. */

/** Return what was typed in plain ASCII; other signs are left, to be told of. */
export function plain(typed: string): string {
  return typed
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[。．，,·]/g, ".")
    .replace(/[－—]/g, "-")
    .replace(/\s/g, "");
}

/** Return the number, null for nothing typed, undefined for what is none. */
export function numberOf(typed: string, whole: boolean): number | null | undefined {
  const text = plain(typed);
  if (text === "") return null;
  if (!(whole ? /^-?\d+$/ : /^-?(\d+\.?\d*|\.\d+)$/).test(text)) return undefined;
  const number = Number(text);
  if (whole && Math.abs(number) > 2_147_483_647) return undefined;
  return Number.isFinite(number) ? number : undefined;
}

/** A temperature typed without its point: 365 is 36.5. Everything else is left as it is. */
export function pointed(typed: string): string {
  return /^(3[4-9]|4[0-3])\d$/.test(plain(typed)) ? plain(typed).replace(/(\d)$/, ".$1") : typed;
}

/** Return the number a step further, without the dust of binary fractions. */
export function stepped(number: number, step: number): number {
  return Number((number + step).toFixed(6));
}
