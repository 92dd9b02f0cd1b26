import { describe as about, expect, it, vi } from "vitest";

import { utf8 } from "../bytes";
import { chainHash, signedText } from "../chain";
import { counts, giveUp, NotEnrolled, record } from "../outbox";
import { Store } from "../store";
import { later, phone, T0, visit } from "./fixtures";

const verify = { name: "ECDSA", hash: "SHA-256" };

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

about("the store", () => {
  it("of an older version keeps its forms and all else when it is opened by this one", async () => {
    const old = indexedDB.open("older", 1);
    await new Promise<void>((done) => {
      old.onupgradeneeded = () => {
        for (const name of ["keys", "me"]) old.result.createObjectStore(name);
        const paths = { outbox: "seq", blobs: "sha256", drafts: "id", duties: "id", cards: "subject", forms: "kind", settings: "name" };
        for (const [name, keyPath] of Object.entries(paths)) old.result.createObjectStore(name, { keyPath });
        old.transaction!.objectStore("forms").put({ kind: "household_visit", hash: "h1" });
        old.transaction!.objectStore("drafts").put({ id: "household_visit household:1  ", body: { outcome: "at_home" } });
      };
      old.onsuccess = () => done();
    });
    old.result.close();
    const store = await Store.open("older");
    expect((await store.get("forms", "h1"))?.kind).toBe("household_visit");
    expect((await store.all("drafts")).map((one) => one.body)).toEqual([{ outcome: "at_home" }]);
  });
});

about("writing an entry down", () => {
  it("numbers, chains and signs it, with the counter, over the text the server rebuilds", async () => {
    const { store, contract } = await phone();
    for (let i = 1; i <= 3; i++) await record(store, visit(i), later(i));
    const kept = await store.all("outbox");
    expect(kept.map((one) => one.seq)).toEqual([1, 2, 3]);
    let before = "";
    for (const { entry } of kept) {
      const text = signedText(entry, "account:a1", "d1");
      expect(entry.prev_hash).toBe(before);
      expect(await crypto.subtle.verify(verify, contract.key!, bytes(entry.signature), utf8(text))).toBe(true);
      before = await chainHash(text);
    }
    expect(await store.setting("counter")).toEqual({ seq: 3, hash: before });
  });

  it("keeps both times of a record from paper", async () => {
    const { store } = await phone();
    const { entry } = await record(store, visit(1, { happened_at: later(-90) }), T0);
    expect(entry.happened_at).toBe("2020-02-02T22:30:00.000Z");
    expect(entry.recorded_at).toBe("2020-02-03T00:00:00.000Z");
  });

  it("asks the disk in one transaction, and says nothing before it is complete", async () => {
    const { store } = await phone();
    const asked = vi.spyOn(IDBDatabase.prototype, "transaction");
    let complete = false;
    const original = asked.getMockImplementation();
    expect(original).toBeUndefined();
    const done = record(store, visit(), T0);
    await done.then(() => (complete = true));
    const writes = asked.mock.calls.filter(([, mode]) => mode === "readwrite");
    expect(writes).toEqual([[["outbox", "settings", "blobs", "drafts"], "readwrite", { durability: "strict" }]]);
    expect(complete).toBe(true);
    asked.mockRestore();
  });

  it("gives no number twice to two tabs, with locks or without", async () => {
    const { store, name } = await phone();
    const second = await Store.open(name);
    await Promise.all(Array.from({ length: 20 }, (_, i) => record(i % 2 ? store : second, visit(i), T0)));
    const kept = await store.all("outbox");
    expect(kept.map((one) => one.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    for (let i = 1; i < 20; i++) {
      expect(kept[i]!.entry.prev_hash).toBe(await chainHash(signedText(kept[i - 1]!.entry, "account:a1", "d1")));
    }
  });

  it("takes no number if the disk is full", async () => {
    const { store } = await phone();
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementationOnce(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(record(store, visit(1), T0)).rejects.toThrow("full");
    put.mockRestore();
    expect(await store.all("outbox")).toEqual([]);
    expect((await record(store, visit(2), T0)).seq).toBe(1);
  });

  it("puts photos and the end of the draft into the same transaction", async () => {
    const { store } = await phone();
    await store.write(["drafts"], (t) =>
      t.put("drafts", { id: "x", kind: "k", subject: "s", amends: null, body: {}, photos: [], paper: null, at: "" }),
    );
    const photo = { sha256: "ab", blob: new Blob(["x"]), name: "门.jpg", type: "image/jpeg" };
    await record(store, visit(1, { attachments: [photo], draft: "x" }), T0);
    expect(await store.all("drafts")).toEqual([]);
    expect((await store.get("blobs", "ab"))?.sent).toBe(false);
    expect(counts(await store.all("outbox"), await store.all("blobs"))).toEqual(
      { saved: 1, unsent: 1, sent: 0, applied: 0, held: 0, unsentFiles: 1 },
    );
  });

  it("refuses a phone that is nobody's", async () => {
    const { store } = await phone(false);
    await expect(record(store, visit(), T0)).rejects.toThrow(NotEnrolled);
  });

  it("never uses again the numbers of entries that are gone, and says which they were", async () => {
    const { store } = await phone();
    await record(store, visit(1), T0);
    expect(await giveUp(store, 1)).toBe(0);
    expect(await giveUp(store, 4)).toBe(3);
    expect((await record(store, visit(2), T0)).seq).toBe(5);
    expect(await store.setting("lost")).toEqual([[2, 4]]);
    expect(await store.setting("notice")).toEqual({ name: "lost", count: 3 });
  });
});
