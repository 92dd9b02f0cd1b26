// Number plates: what kind one is, and which keys make sense next. Nothing typed is ever refused. The same reading as
// bulou/checkpoints/rules/plates.py; tests/agreement holds them together.

export const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
export const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"; // no I, no O
export const DIGITS = "1234567890";
export const SUFFIXES = "挂学警港澳使领";
export const LONGEST = 12;

export type PlateKind = "ordinary" | "new_energy" | "police" | "military" | "other" | "none";

const NOISE = /[\s·.•\-—]+/g;
const PATTERNS: [PlateKind, RegExp][] = [
  ["police", new RegExp(`^[${PROVINCES}][${LETTERS}][${LETTERS}\\d]{4}警$`)],
  ["ordinary", new RegExp(`^[${PROVINCES}][${LETTERS}][${LETTERS}\\d]{4}[${LETTERS}\\d挂学港澳使领]$`)],
  ["new_energy", new RegExp(`^[${PROVINCES}][${LETTERS}][ABCDEFGHJK][${LETTERS}\\d]\\d{4}$`)],
  ["new_energy", new RegExp(`^[${PROVINCES}][${LETTERS}]\\d{5}[DF]$`)],
  ["military", new RegExp(`^(?:WJ[${PROVINCES}]?[\\dA-Z]{5,6}|[VZKHBSLJNGC][${LETTERS}]\\d{5})$`)],
];

export interface Plate {
  text: string;
  kind: PlateKind;
}

export function readPlate(typed: string): Plate {
  const text = typed.replace(NOISE, "").toUpperCase();
  if (!text) return { text: "", kind: "none" };
  return { text, kind: PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? "other" };
}

/** Which keyboard to show: provinces for the first character, then letters and digits. */
export function keysFor(text: string): "provinces" | "letters" {
  return text === "" ? "provinces" : "letters";
}

/** Whether a key may still lead to a plate that is known. Others can be pressed too: foreign plates exist. */
export function likely(text: string, key: string): boolean {
  if (text.length === 1) return LETTERS.includes(key);
  if (SUFFIXES.includes(key)) return text.length === 6;
  return text.length < 8;
}
