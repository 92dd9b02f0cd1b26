import { describe as about, expect, it } from "vitest";

import { base64url, newId, utf8 } from "../bytes";
import { chainHash, signedText, type Unsigned } from "../chain";
import { comparisonCode, makeKey, publicKey, sign } from "../keys";

const entry: Unsigned = {
  id: "0190a000-0000-7000-8000-000000000001", kind: "household_visit", version: 1, subject: "household:0190",
  area: "610927100201000100", happened_at: "2020-02-03T01:02:03.000Z", recorded_at: "2020-02-03T01:02:04.005Z",
  seq: 2, prev_hash: "ab", amends: null, body: '{"outcome":"at_home"}',
};

about("what is signed", () => {
  it("is the fourteen lines of the contract, the body as it is sent", () => {
    expect(signedText(entry, "account:a", "d1").split("\n")).toEqual([
      "bulou-entry-1", entry.id, "household_visit", "1", "household:0190", "610927100201000100",
      "2020-02-03T01:02:03.000Z", "2020-02-03T01:02:04.005Z", "account:a", "d1", "2", "ab", "", '{"outcome":"at_home"}',
    ]);
  });

  it("has two lines more with a mark: the mark, and how far the clock was ahead", () => {
    const lines = signedText({ ...entry, mark: "m1", ahead_ms: -250 }, "account:a", "d1").split("\n");
    expect([lines[0], ...lines.slice(12)]).toEqual(["bulou-entry-2", "", "m1", "-250", '{"outcome":"at_home"}']);
  });

  it("names the entry before by its sha256", async () => {
    expect(await chainHash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

about("the key", () => {
  it("cannot be read out, and signs in 64 bytes that its public half verifies", async () => {
    const pair = await makeKey();
    expect(pair.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("pkcs8", pair.privateKey)).rejects.toThrow();
    const signature = await sign(pair, "文彩村");
    const bytes = Uint8Array.from(atob(signature.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    expect(bytes.length).toBe(64);
    const how = { name: "ECDSA", hash: "SHA-256" };
    expect(await crypto.subtle.verify(how, pair.publicKey, bytes, utf8("文彩村"))).toBe(true);
    expect(await crypto.subtle.verify(how, pair.publicKey, bytes, utf8("文彩邨"))).toBe(false);
  });

  it("gives six digits of token and key together", async () => {
    const spki = await publicKey(await makeKey());
    const code = await comparisonCode("token-1", spki);
    expect(code).toMatch(/^\d{6}$/);
    expect(await comparisonCode("token-1", utf8("x"))).toBe("656335");
  });
});

about("bytes", () => {
  it("are base64url without padding", () => {
    expect(base64url(new Uint8Array([251, 255, 254, 1]))).toBe("-__-AQ");
  });

  it("make ids that sort by time", () => {
    const [a, b] = [newId(1_580_000_000_000), newId(1_580_000_000_001)];
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(a < b).toBe(true);
  });
});
