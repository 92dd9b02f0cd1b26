import { describe as about, expect, it } from "vitest";

import { begin, poll, StillUnsent, tokenIn } from "../enrol";
import { read } from "../marker";
import { record } from "../outbox";
import { isPin, isRight, makePin, pauseAfter } from "../pin";
import { phone, T0, visit } from "./fixtures";

about("enrolling", () => {
  it("takes the token out of what was scanned, pasted or typed", () => {
    expect(tokenIn("https://bulou.example/phone/#enrol=abc_DEF-123")).toBe("abc_DEF-123");
    expect(tokenIn("#enrol=abc_DEF-123")).toBe("abc_DEF-123");
    expect(tokenIn("  abcdef ")).toBe("abcdef");
    for (const wrong of ["", "abc", "https://bulou.example/phone/", "两个 词"]) expect(tokenIn(wrong)).toBeNull();
  });

  it("waits for the clerk and then is the worker's", async () => {
    const { store, server, contract } = await phone(false);
    expect(await begin(store, server, "token-1", "Pixel")).toMatch(/^\d{6}$/);
    contract.consented = false;
    expect(await poll(store, server)).toBe("consent");
    contract.consented = true;
    expect(await poll(store, server)).toBe("waiting");
    contract.state = "active";
    expect(await poll(store, server)).toBe("active");
    expect((await store.get("me"))?.name).toBe("安娜");
    expect((await store.get("keys"))?.privateKey.extractable).toBe(false);
  });

  it("forgets the key the clerk refused", async () => {
    const { store, server, contract } = await phone(false);
    await begin(store, server, "token-1", "Pixel");
    contract.state = "refused";
    expect(await poll(store, server)).toBe("refused");
    expect(await store.get("keys")).toBeUndefined();
  });

  it("does not throw away records that were not sent", async () => {
    const { store, server, sync } = await phone();
    await record(store, visit(1), T0);
    await expect(begin(store, server, "token-2", "Pixel")).rejects.toThrow(StillUnsent);
    await sync.run();
    await begin(store, server, "token-2", "Pixel");
    expect(await store.all("outbox")).toEqual([]);
  });
});

about("the PIN", () => {
  it("opens to the right digits only, and slows guessing down", async () => {
    const pin = await makePin("2468");
    expect(JSON.stringify(pin)).not.toContain("2468");
    expect(await isRight("2468", pin)).toBe(true);
    expect(await isRight("2469", pin)).toBe(false);
    expect([isPin("123"), isPin("1234"), isPin("12a4")]).toEqual([false, true, false]);
    expect([pauseAfter(2), pauseAfter(3), pauseAfter(30)]).toEqual([0, 1000, 60_000]);
  });
});

about("the marker", () => {
  it("reads what it wrote and nothing else", () => {
    expect(read("0190a-d1.57.50")).toEqual({ device: "0190a-d1", seq: 57, sent: 50 });
    for (const wrong of ["", "x.1", "x.-1.2", "<b>.1.1"]) expect(read(wrong)).toBeNull();
  });
});
