// A PIN that locks the screen. It is not encryption: whoever can take the phone apart can read what is on it.
import { base64url, utf8 } from "./bytes";
import type { Settings } from "./store";

const ROUNDS = 200_000; // about a third of a second on a cheap phone

export function isPin(text: string): boolean {
  return /^\d{4,8}$/.test(text);
}

export async function makePin(text: string): Promise<Settings["pin"]> {
  const salt = base64url(crypto.getRandomValues(new Uint8Array(16)));
  return { salt, rounds: ROUNDS, hash: await stretched(text, salt, ROUNDS) };
}

export async function isRight(text: string, pin: Settings["pin"]): Promise<boolean> {
  return (await stretched(text, pin.salt, pin.rounds)) === pin.hash;
}

/** How long to wait before the next try, in ms, after so many wrong ones. */
export function pauseAfter(wrong: number): number {
  return wrong < 3 ? 0 : Math.min(60_000, 1000 * 2 ** (wrong - 3));
}

async function stretched(text: string, salt: string, rounds: number): Promise<string> {
  const key = await crypto.subtle.importKey("raw", utf8(text), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: utf8(salt), iterations: rounds };
  return base64url(await crypto.subtle.deriveBits(how, key, 256));
}
