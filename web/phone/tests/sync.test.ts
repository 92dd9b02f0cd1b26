import { describe as about, expect, it } from "vitest";

import { chainHash, signedText } from "../chain";
import { Forms } from "../forms";
import { record, settle } from "../outbox";
import { Unreachable } from "../server";
import { card, duty, later, phone, T0, visit } from "./fixtures";

about("sending", () => {
  it("goes in order, at most a hundred at a time, and keeps the receipts", async () => {
    const { store, sync, contract } = await phone();
    contract.hold.set("household:7", "越界");
    for (let i = 1; i <= 130; i++) await record(store, visit(i), T0);
    await sync.run();
    expect(contract.pushes.map((push) => push.length)).toEqual([100, 30]);
    expect(contract.pushes.flat()).toEqual(Array.from({ length: 130 }, (_, i) => i + 1));
    const kept = await store.all("outbox");
    expect(kept.filter((one) => one.state === "applied").length).toBe(129);
    const held = kept.find((one) => one.state === "held");
    expect([held?.seq, held?.receipt?.words?.zh_Hans]).toEqual([7, "越界"]);
  });

  it("loses nothing and counts nothing twice, wherever the line breaks", { timeout: 60_000 }, async () => {
    // Requests of one conversation: challenge, sessions, entries, entries, work. Break each, before and after.
    for (const fault of ["before", "after", "portal"] as const) {
      for (let where = 0; where < 5; where++) {
        const { store, sync, contract } = await phone();
        for (let i = 1; i <= 104; i++) await record(store, visit(i), T0);
        contract.faults = [...Array<undefined>(where).fill(undefined), fault];
        await expect(sync.run()).rejects.toThrow(Unreachable);
        await record(store, visit(105), later(1));
        await sync.run();
        expect([...contract.entries.values()].map((entry) => entry.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 105 }, (_, i) => i + 1));
        expect((await store.all("outbox")).every((one) => one.state === "applied")).toBe(true);
      }
    }
  });

  it("knows a duplicate of a held entry for held", async () => {
    const { store, sync, contract } = await phone();
    contract.hold.set("household:1", "越界");
    await record(store, visit(1), T0);
    contract.faults = [undefined, undefined, "after"];
    await expect(sync.run()).rejects.toThrow();
    await sync.run();
    expect((await store.all("outbox"))[0]?.state).toBe("held");
  });

  it("signs in again when the server has forgotten the session", async () => {
    const { store, sync, contract } = await phone();
    await sync.run();
    contract.restart();
    await record(store, visit(1), T0);
    await sync.run();
    expect(contract.entries.size).toBe(1);
  });

  it("keeps what was sent until a backup has it, and three days more to look at", async () => {
    const { store, sync, contract, clock } = await phone();
    for (let i = 1; i <= 4; i++) await record(store, visit(i), T0);
    contract.safe = 2;
    await sync.run();
    expect((await store.all("outbox")).length).toBe(4);
    clock.now = later(73 * 60);
    await settle(store, [], 2, clock.now);
    expect((await store.all("outbox")).map((one) => one.seq)).toEqual([3, 4]);
  });

  it("sends again all it holds to a server that was put back from a backup", async () => {
    const { store, sync, contract } = await phone();
    for (let i = 1; i <= 5; i++) await record(store, visit(i), T0);
    await sync.run();
    contract.entries.clear();
    contract.me = { ...contract.me, seq: 0, prev_hash: "" };
    contract.epoch = "e2";
    contract.restart();
    await sync.run();
    expect(contract.entries.size).toBe(5);
    expect(await store.setting("notice")).toEqual({ name: "resent", count: 5 });
    const before = contract.pushes.length;
    await sync.run();
    expect(contract.pushes.length).toBe(before);
  });

  it("is let in by its certificate where the server was put back from a copy older than the phone", async () => {
    const { store, sync, contract } = await phone();
    contract.me = { ...contract.me, certificate: "sealed" };
    await record(store, visit(1), T0);
    await sync.run();
    await record(store, visit(2), T0);
    contract.entries.clear();
    contract.me = { ...contract.me, seq: 0, prev_hash: "" };
    contract.epoch = "e2";
    contract.known = false;
    contract.restart();
    await sync.run();
    expect([...contract.entries.values()].map((entry) => entry.seq)).toEqual([1, 2]);
    // Without one it stays outside, and keeps all it has.
    contract.known = false;
    contract.me = { ...contract.me, certificate: "" };
    await store.write(["me"], (t) => t.put("me", contract.me));
    contract.restart();
    await expect(sync.run()).rejects.toThrow("device");
    expect((await store.all("outbox")).length).toBe(2);
  });

  it("sends everything again to a server that has less than it has acknowledged, though it says nothing of it", async () => {
    const { store, sync, contract } = await phone();
    for (let i = 1; i <= 5; i++) await record(store, visit(i), T0);
    await sync.run();
    const last = contract.me;
    contract.entries.clear();
    contract.me = { ...contract.me, seq: 0, prev_hash: "" };
    contract.restart();
    await sync.run();
    expect(contract.entries.size).toBe(5);
    expect(contract.me).toEqual(last);
    expect(await store.setting("notice")).toEqual({ name: "resent", count: 5 });
  });

  it("notices the new epoch in the middle of a session, too", async () => {
    const { store, sync, contract } = await phone();
    await record(store, visit(1), T0);
    await sync.run();
    contract.entries.clear();
    contract.epoch = "e2";
    await sync.run(); // learns of it from the work list
    await sync.run();
    expect(contract.entries.size).toBe(1);
  });

  it("goes on after the server's number when an old copy of the store was put back", async () => {
    const { store, sync, contract } = await phone();
    for (let i = 1; i <= 3; i++) await record(store, visit(i), T0);
    const old = await store.setting("counter");
    await sync.run();
    for (let i = 4; i <= 6; i++) await record(store, visit(i), T0);
    await sync.run();
    // The copy of an earlier day: three entries, then two new ones written on it before it meets the server.
    await store.write(["outbox", "settings"], (t) => {
      [4, 5, 6].forEach((seq) => t.remove("outbox", seq));
      t.set("counter", old!);
    });
    await record(store, visit(20), later(5));
    await record(store, visit(21), later(6));
    contract.restart();
    await sync.run();
    const now = [...contract.entries.values()].filter((entry) => ["household:20", "household:21"].includes(entry.subject));
    expect(now.map((entry) => entry.seq)).toEqual([7, 8]);
    expect(await store.setting("notice")).toEqual({ name: "continued", count: 3 });
    expect((await record(store, visit(22), later(7))).seq).toBe(9);
  });

  it("tells an answer lost on the way from another entry under the same number", async () => {
    const { store, sync, contract } = await phone();
    for (let i = 1; i <= 3; i++) await record(store, visit(i), T0);
    contract.faults = [undefined, undefined, "after"];
    await expect(sync.run()).rejects.toThrow(Unreachable);
    contract.restart();
    await sync.run();
    expect([...contract.entries.values()].map((entry) => entry.seq)).toEqual([1, 2, 3]);
    // Three more written on a copy from before the third: the server's third and theirs are two entries.
    await store.write(["outbox", "settings"], (t) => {
      t.remove("outbox", 3);
      t.set("counter", { seq: 2, hash: "not the third's" });
    });
    for (let i = 7; i <= 9; i++) await record(store, visit(i), later(i));
    contract.restart();
    await sync.run();
    expect((await store.all("outbox")).map((one) => [one.seq, one.entry.subject])).toEqual([
      [1, "household:1"], [2, "household:2"], [4, "household:7"], [5, "household:8"], [6, "household:9"],
    ]);
  });

  it("says which numbers are lost, once", async () => {
    const { store, sync, contract } = await phone();
    await store.set("lost", [[2, 4]]);
    await sync.run();
    await sync.run();
    expect(contract.lost).toEqual([[2, 4]]);
  });

  it("sends photos in parts and goes on where it stopped", async () => {
    const { store, sync, contract } = await phone();
    const blob = new Blob([new Uint8Array(600_000).fill(7)]);
    await record(store, visit(1, { attachments: [{ sha256: "ab", blob, name: "门.jpg", type: "image/jpeg" }] }), T0);
    contract.faults = [undefined, undefined, undefined, undefined, undefined, "before"]; // in the second part
    await expect(sync.run()).rejects.toThrow(Unreachable);
    expect(contract.files.get("ab")?.bytes.length).toBe(262_144);
    await sync.run();
    expect(contract.files.get("ab")?.bytes.length).toBe(600_000);
    expect((await store.get("blobs", "ab"))?.sent).toBe(true);
  });

  it("measures how wrong the clock is, and rewrites nothing", async () => {
    const { store, sync, contract } = await phone();
    contract.serverTime = later(-30).toISOString();
    await record(store, visit(1), T0);
    await sync.run();
    expect(await store.setting("offset_ms")).toBe(30 * 60_000);
    expect([...contract.entries.values()][0]?.recorded_at).toBe(T0.toISOString());
  });

  it("signs the last mark it was given, and how its clock stood then, into what it writes after", async () => {
    const { store, sync, contract } = await phone();
    contract.serverTime = later(-30).toISOString();
    const before = await record(store, visit(1), T0);
    await sync.run();
    const after = await record(store, visit(2), T0);
    expect([before.entry.mark, before.entry.ahead_ms]).toEqual([undefined, undefined]);
    expect([after.entry.mark, after.entry.ahead_ms]).toEqual([`mark-${contract.serverTime}`, 30 * 60_000]);
    await sync.run();
    expect(await chainHash(signedText(after.entry, contract.me.by, contract.me.device))).toBe(contract.me.prev_hash);
  });
});

about("the work list", () => {
  it("is taken page by page; done and gone leave the phone", async () => {
    const { store, sync, contract } = await phone();
    const form = { kind: "household_visit", version: 1, hash: "h1", title: { zh_Hans: "入户", en: "Visit" }, subject: ["household"] };
    contract.work = [
      { cursor: "c1", more: true, duties: [duty("a", "household:1", 5), duty("b", "household:2", 5)], cards: [card("household:1", "张*明")], forms: [form] },
      { cursor: "c2", duties: [duty("c", "household:3", 5)], done: ["a"], gone: ["household:1"], cards: [card("household:2", "李*")], forms: [form] },
    ];
    await sync.run();
    expect(contract.cursors).toEqual(["", "c1"]);
    expect((await store.all("duties")).map((one) => one.id)).toEqual(["b", "c"]);
    expect((await store.all("cards")).map((one) => one.title)).toEqual(["李*"]);
    expect((await store.get("forms", "h1"))?.title.en).toBe("Visit");
    contract.work = [{ cursor: "c9", reset: true, duties: [duty("z", "household:9", 5)] }];
    await sync.run();
    expect((await store.all("duties")).map((one) => one.id)).toEqual(["z"]);
    expect(await store.all("cards")).toEqual([]);
  });

  it("draws a kind by each county's rules, and learns where each form holds without fetching it again", async () => {
    const { store, sync, contract } = await phone();
    const form = { kind: "household_visit", version: 1, title: { zh_Hans: "入户", en: "Visit" }, subject: ["household"] };
    const there: [string, string][] = [["610928000000000000", "610928999999999999"]];
    contract.work = [{ forms: [{ ...form, hash: "h1" }, { ...form, hash: "h2", where: there }] }];
    await sync.run();
    const forms = async () => new Forms(await store.all("forms"));
    expect([(await forms()).get("household_visit", "610927100201")?.hash, (await forms()).get("household_visit", "610928100201")?.hash]).toEqual(["h1", "h2"]);
    contract.work = [{ forms: [{ ...form, hash: "h2", where: [] }] }];
    contract.faults = [undefined, "before"]; // the work list comes, and nothing after it
    await sync.run();
    expect((await store.all("forms")).map((one) => [one.hash, one.where])).toEqual([["h2", []]]);
  });

  it("fetches a form later if the line broke before", async () => {
    const { store, sync, contract } = await phone();
    const form = { kind: "household_visit", version: 1, hash: "h1", title: { zh_Hans: "入户", en: "Visit" }, subject: ["household"] };
    contract.work = [{ forms: [form] }, {}];
    contract.faults = [undefined, undefined, undefined, "before"]; // challenge, sessions, work, form
    await expect(sync.run()).rejects.toThrow(Unreachable);
    expect(await store.all("forms")).toEqual([]);
    await sync.run();
    expect((await store.all("forms")).map((one) => one.hash)).toEqual(["h1"]);
  });

  it("leaves the phone after 72 hours without contact; own entries stay", async () => {
    const { store, sync, contract, clock } = await phone();
    contract.work = [{ duties: [duty("a", "household:1", 5)], cards: [card("household:1", "张*明")] }];
    await sync.run();
    await record(store, visit(1), T0);
    clock.now = later(71 * 60);
    await sync.expire();
    expect((await store.all("cards")).length).toBe(1);
    clock.now = later(73 * 60);
    await sync.expire();
    expect([(await store.all("cards")).length, (await store.all("duties")).length]).toEqual([0, 0]);
    expect(await store.setting("expired")).toBe(later(73 * 60).toISOString());
    expect((await store.all("outbox")).length).toBe(1);
    contract.work = [{ reset: true, cards: [card("household:1", "张*明")] }];
    await sync.run();
    expect(await store.setting("expired")).toBeUndefined();
    expect(contract.cursors.at(-1)).toBe("");
  });

  it("leaves a revoked phone at once; own entries stay", async () => {
    const { store, sync, contract } = await phone();
    contract.work = [{ cards: [card("household:1", "张*明")] }];
    await sync.run();
    await record(store, visit(1), T0);
    contract.faults = ["revoked"];
    await expect(sync.run()).rejects.toThrow("revoked");
    expect(await store.all("cards")).toEqual([]);
    expect(await store.setting("revoked")).toBeDefined();
    expect((await store.all("outbox")).length).toBe(1);
  });
});
