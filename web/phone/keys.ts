// The phone's key: P-256, made here, never leaving here. What it signs is in IEEE P1363 form (r||s, 64 bytes).
import { base64url, utf8 } from "./bytes";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;

/** Make a key pair whose private half cannot be read out, not even by this program. */
export async function makeKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** The public half as SubjectPublicKeyInfo. */
export async function publicKey(pair: CryptoKeyPair): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
}

export async function sign(pair: CryptoKeyPair, text: string): Promise<string> {
  return base64url(await crypto.subtle.sign(SIGNING, pair.privateKey, utf8(text)));
}

/** The six digits that the phone and the clerk's screen must both show: of the token and the key, so neither was swapped. */
export async function comparisonCode(token: string, spki: Uint8Array<ArrayBuffer>): Promise<string> {
  const text = utf8(token);
  const both = new Uint8Array(text.length + spki.length);
  both.set(text);
  both.set(spki, text.length);
  const digest = new DataView(await crypto.subtle.digest("SHA-256", both));
  return String(digest.getUint32(0) % 1_000_000).padStart(6, "0");
}
