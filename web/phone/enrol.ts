// How a phone becomes a worker's: a link that works once, a key made here, six digits that two people compare.
import { base64url } from "./bytes";
import { comparisonCode, makeKey, publicKey, sign } from "./keys";
import type { Server } from "./server";
import type { Store } from "./store";
import type { EnrolmentState } from "./wire";

export class CodesDiffer extends Error {}
export class StillUnsent extends Error {}

/** The token in what was scanned, pasted or typed: the link itself, or only its end. */
export function tokenIn(text: string): string | null {
  const named = /[#?&]enrol=([^&\s]+)/.exec(text);
  const token = decodeURIComponent(named?.[1] ?? text).trim();
  return /^[A-Za-z0-9_-]{6,200}$/.test(token) ? token : null;
}

let offered: { token: string; pair: CryptoKeyPair } | undefined;

/** Offer the server this phone's key; returns the six digits to compare. */
export async function begin(store: Store, server: Server, token: string, label: string): Promise<string> {
  if ((await store.all("outbox")).some((one) => one.state === "saved")) throw new StillUnsent();
  // If the answer is lost on the way, the same key must ask again: the token is good for one.
  const pair = offered?.token === token ? offered.pair : await makeKey();
  offered = { token, pair };
  const spki = await publicKey(pair);
  const code = await comparisonCode(token, spki);
  const enrolment = await server.enrol(token, base64url(spki), await sign(pair, token), label);
  if (enrolment.code !== code) throw new CodesDiffer();
  // Another device from here on: its own numbers, from one, and nothing of the one before.
  await store.write(["keys", "me", "settings", "outbox", "blobs", "drafts", "duties", "cards", "forms"], async (t) => {
    for (const old of ["me", "outbox", "blobs", "drafts", "duties", "cards", "forms"] as const) t.clear(old);
    for (const name of ["counter", "lost", "epoch", "cursor", "contact", "pulled", "expired", "safe_seq", "revoked"]) {
      t.remove("settings", name);
    }
    t.put("keys", pair);
    t.set("enrolling", { device: enrolment.device, code });
  });
  return code;
}

/** How an enrolment stands: "consent" while the worker has not said that the phone is theirs. */
export type Standing = EnrolmentState | "consent";

/** Ask whether the worker has consented and the clerk confirmed; once active, `me` is in the store. */
export async function poll(store: Store, server: Server): Promise<Standing> {
  const [pair, waiting] = [await store.get("keys"), await store.setting("enrolling")];
  if (!pair || !waiting) return "expired";
  const answer = await server.enrolment(waiting.device, await sign(pair, waiting.device));
  if (answer.state === "active" && answer.me) {
    const me = answer.me;
    await store.write(["me", "settings"], (t) => {
      t.put("me", me);
      t.set("counter", { seq: me.seq, hash: me.prev_hash });
      t.remove("settings", "enrolling");
    });
  } else if (answer.state === "refused" || answer.state === "expired") {
    await store.write(["keys", "settings"], (t) => {
      t.clear("keys");
      t.remove("settings", "enrolling");
    });
  }
  return answer.state === "waiting" && !answer.consented ? "consent" : answer.state;
}
