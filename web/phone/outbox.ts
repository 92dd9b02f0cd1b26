// Own entries: numbered without gaps, chained, signed, and on the disk before anybody is told "saved".
import { newId } from "./bytes";
import { chainHash, signedText, type Unsigned } from "./chain";
import { moment } from "./clock";
import { sign } from "./keys";
import { alone } from "./locks";
import type { Kept, KeptBlob, Store, StoreName, Transaction } from "./store";
import type { Body, Me, Receipt } from "./wire";

export interface Fresh {
  kind: string;
  version: number;
  subject: string;
  area: string;
  happened_at: Date;
  body: Body;
  amends: string | null;
  title: string;
  duty: string | null;
  attachments: Omit<KeptBlob, "sent">[];
  /** The draft this was written from; it goes in the same transaction. */
  draft: string | null;
}

/** Of the own entries on this phone: `saved` is all of them, `sent` those with a receipt. */
export interface Counts {
  saved: number;
  unsent: number;
  sent: number;
  applied: number;
  held: number;
  unsentFiles: number;
}

export class NotEnrolled extends Error {}

const KEPT_HOURS = 72; // an own record can be looked up and put right as long as the data of its household is here

/** Write an entry down. Resolves only when the disk has it, together with the counter. */
export async function record(store: Store, fresh: Fresh, now: Date): Promise<Kept> {
  return alone("number", async () => {
    for (;;) {
      const { pair, me, counter, mark } = await identity(store);
      const unsigned: Unsigned = {
        id: newId(now.getTime()),
        kind: fresh.kind,
        version: fresh.version,
        subject: fresh.subject,
        area: fresh.area,
        happened_at: moment(fresh.happened_at),
        recorded_at: moment(now),
        seq: counter.seq + 1,
        prev_hash: counter.hash,
        amends: fresh.amends,
        ...mark,
        body: JSON.stringify(fresh.body),
      };
      const { entry, hash } = await signed(unsigned, pair, me);
      const kept: Kept = {
        seq: entry.seq,
        id: entry.id,
        entry,
        state: "saved",
        title: fresh.title,
        duty: fresh.duty,
        receipt: null,
        receipt_at: null,
        attachments: fresh.attachments.map((file) => file.sha256),
      };
      const written = await store.write(["outbox", "settings", "blobs", "drafts"], async (t) => {
        const last = await t.setting("counter");
        // Where the browser has no locks, another tab may have taken the number while this one was signing.
        if ((last?.seq ?? 0) !== counter.seq) return false;
        t.put("outbox", kept);
        t.set("counter", { seq: entry.seq, hash });
        for (const file of fresh.attachments) t.put("blobs", { ...file, sent: false });
        if (fresh.draft !== null) t.remove("drafts", fresh.draft);
        return true;
      });
      if (written) return kept;
    }
  });
}

/** What the server must be told next, in order. */
export function unsent(kept: Kept[]): Kept[] {
  return kept.filter((one) => one.state === "saved").sort((a, b) => a.seq - b.seq);
}

export function counts(kept: Kept[], blobs: KeptBlob[]): Counts {
  const of = (state: Kept["state"]) => kept.filter((one) => one.state === state).length;
  return {
    saved: kept.length,
    unsent: of("saved"),
    sent: of("applied") + of("held"),
    applied: of("applied"),
    held: of("held"),
    unsentFiles: blobs.filter((blob) => !blob.sent).length,
  };
}

/** Write down what the server answered; forget what a backup kept elsewhere has and nobody needs here any more. */
export async function settle(store: Store, receipts: Receipt[], safeSeq: number, now: Date): Promise<void> {
  await store.write(["outbox", "blobs", "settings"], async (t) => {
    const kept = await t.all("outbox");
    const byId = new Map(kept.map((one) => [one.id, one]));
    for (const receipt of receipts) {
      const one = byId.get(receipt.id);
      if (!one) continue;
      one.state = stateAfter(one, receipt);
      one.receipt = receipt;
      one.receipt_at = moment(now);
      t.put("outbox", one);
    }
    t.set("safe_seq", safeSeq);
    await forget(t, kept, safeSeq, now);
  });
}

function stateAfter(one: Kept, receipt: Receipt): Kept["state"] {
  if (receipt.outcome === "duplicate") return receipt.reason === "held" || one.state === "held" ? "held" : "applied";
  return receipt.outcome;
}

async function forget(t: Transaction, kept: Kept[], safeSeq: number, now: Date): Promise<void> {
  const files = new Map((await t.all("blobs")).map((blob) => [blob.sha256, blob]));
  const stillNamed = new Set<string>();
  const old = now.getTime() - KEPT_HOURS * 3_600_000;
  for (const one of kept) {
    const safe = one.state !== "saved" && one.seq <= safeSeq;
    const filesSent = one.attachments.every((name) => files.get(name)?.sent !== false);
    if (safe && filesSent && Date.parse(one.entry.recorded_at) < old) t.remove("outbox", one.seq);
    else one.attachments.forEach((name) => stillNamed.add(name));
  }
  for (const [name, file] of files) if (file.sent && !stillNamed.has(name)) t.remove("blobs", name);
}

/** A server restored from a backup has forgotten: everything still held here is sent again. Returns how many.
 *
 * To be called inside a write over outbox, blobs and settings. */
export async function meetEpoch(t: Transaction, epoch: string): Promise<number> {
  const known = await t.setting("epoch");
  if (known === epoch) return 0;
  t.set("epoch", epoch);
  return known === undefined ? 0 : sendAgain(t);
}

/** Everything still held here is to be sent again. Returns how many. */
async function sendAgain(t: Transaction): Promise<number> {
  let again = 0;
  for (const one of await t.all("outbox")) {
    if (one.state === "saved") continue;
    t.put("outbox", { ...one, state: "saved", receipt: null, receipt_at: null });
    again += 1;
  }
  for (const blob of await t.all("blobs")) if (blob.sent) t.put("blobs", { ...blob, sent: false });
  if (again) t.set("notice", { name: "resent", count: again });
  return again;
}

export const EPOCH_STORES: StoreName[] = ["outbox", "blobs", "settings"];

/** Take what the server knows of this device. If it knows entries this phone does not (a store that was put back from
 * an old copy), go on after them: entries never sent get new numbers and are signed again under their old ids. */
export async function meetServer(store: Store, me: Me): Promise<void> {
  await alone("number", async () => {
    const { pair, counter } = await identity(store);
    // It has less than it has said it applied: it was put back from a backup, and did not notice itself.
    const forgot = (await store.all("outbox")).some((one) => one.state === "applied" && one.seq > me.seq);
    if (forgot) await store.write(EPOCH_STORES, sendAgain);
    const lost = (await store.setting("lost")) ?? [];
    const base = lost.length ? lost[0]![0] - 1 : counter.seq;
    const waiting = unsent(await store.all("outbox"));
    if (me.seq <= base && !(await isForked(waiting, me))) {
      await store.write(["me"], (t) => t.put("me", me));
      return;
    }
    const stillLost = lost
      .map(([first, last]): [number, number] => [Math.max(first, me.seq + 1), last])
      .filter(([first, last]) => first <= last);
    let seq = Math.max(me.seq, ...stillLost.map(([, last]) => last));
    let hash = me.prev_hash;
    const again: Kept[] = [];
    for (const one of waiting) {
      const { signature: _, ...unsigned } = one.entry;
      seq += 1;
      const next = await signed({ ...unsigned, seq, prev_hash: hash }, pair, me);
      hash = next.hash;
      again.push({ ...one, seq, entry: next.entry, state: "saved" });
    }
    await store.write(["me", "outbox", "settings"], (t) => {
      t.put("me", me);
      for (const one of waiting) t.remove("outbox", one.seq);
      for (const one of again) t.put("outbox", one);
      t.set("counter", { seq, hash });
      t.set("lost", stillLost);
      t.set("notice", { name: "continued", count: me.seq - Math.min(base, (waiting[0]?.seq ?? Infinity) - 1) });
    });
  });
}

/** Whether the server has another entry than this phone under the highest number it knows. */
async function isForked(waiting: Kept[], me: Me): Promise<boolean> {
  const same = waiting.find((one) => one.seq === me.seq);
  return same !== undefined && (await chainHash(signedText(same.entry, me.by, me.device))) !== me.prev_hash;
}

/** Never use again the numbers that this phone remembers having used outside the store (marker.ts), and say that the
 * entries under them are gone. Returns how many. */
export async function giveUp(store: Store, upTo: number): Promise<number> {
  return alone("number", () =>
    store.write(["settings"], async (t) => {
      const counter = (await t.setting("counter")) ?? { seq: 0, hash: "" };
      if (upTo <= counter.seq) return 0;
      const lost = (await t.setting("lost")) ?? [];
      t.set("lost", [...lost, [counter.seq + 1, upTo]]);
      t.set("counter", { seq: upTo, hash: counter.hash });
      t.set("notice", { name: "lost", count: upTo - counter.seq });
      return upTo - counter.seq;
    }),
  );
}

async function identity(store: Store) {
  return store.read(["keys", "me", "settings"], async (t) => {
    const [pair, me, counter, mark] = await Promise.all([
      t.get("keys", "device"), t.get("me", "device"), t.setting("counter"), t.setting("mark"),
    ]);
    if (!pair || !me) throw new NotEnrolled();
    return { pair, me, counter: counter ?? { seq: 0, hash: "" }, mark };
  });
}

async function signed(unsigned: Unsigned, pair: CryptoKeyPair, me: Me) {
  const text = signedText(unsigned, me.by, me.device);
  return { entry: { ...unsigned, signature: await sign(pair, text) }, hash: await chainHash(text) };
}
