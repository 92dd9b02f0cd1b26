// One conversation with the server: sign in, send what is unsent in order, take what is new. Also run by the service
// worker, so nothing here knows of a page.
import { moment, offset } from "./clock";
import { sign } from "./keys";
import { aloneOrNot } from "./locks";
import { EPOCH_STORES, meetEpoch, meetServer, settle, unsent } from "./outbox";
import { Refused, type Server } from "./server";
import type { KeptBlob, Store } from "./store";
import type { Said, Session, Status } from "./wire";
import { isExpired, pull, wipe } from "./work";

const BATCH = 100;
const PART = 256 * 1024; // bytes of a file at a time: what a weak line carries in some seconds

export type Outcome = "done" | "busy" | "not enrolled";

export class Sync {
  constructor(
    private readonly store: Store,
    private readonly server: Server,
    private readonly now: () => Date,
    /** This phone's own clock, whose error is measured; another than `now` only in a rehearsal. */
    private readonly clock: () => Date = now,
  ) {}

  /** Say everything and hear everything. Throws Unreachable or Refused; what was said until then stays said. */
  async run(heard: () => void = () => undefined): Promise<Outcome> {
    const outcome = await aloneOrNot("sync", async (): Promise<Outcome> => {
      if (!(await this.store.get("me"))) return "not enrolled";
      await this.expire();
      try {
        await this.converse(heard);
        // A server put back from a backup may have been noticed after the sending was over.
        if (unsent(await this.store.all("outbox")).length) await this.converse(heard);
        await this.store.write(["settings"], (t) => t.remove("settings", "revoked"));
      } catch (error) {
        if (error instanceof Refused && (error.code === "revoked" || error.code === "expired")) await this.revoked();
        throw error;
      }
      return "done";
    });
    return outcome ?? "busy";
  }

  private async converse(heard: () => void): Promise<void> {
    await this.signedIn(() => this.push(heard));
    await this.signedIn(() => this.pushFiles());
    heard();
    await this.signedIn(() => pull(this.store, this.server, async (work, asked) => this.hear(work, asked), this.now));
  }

  /** Take personal data off a phone that has had no contact for too long. */
  async expire(): Promise<void> {
    const [contact, hours] = [await this.store.setting("contact"), await this.store.setting("expires_hours")];
    const already = await this.store.setting("expired");
    if (already === undefined && isExpired(contact, hours, this.now())) await wipe(this.store, this.now());
  }

  private async signedIn<T>(body: () => Promise<T>): Promise<T> {
    if (this.server.session) {
      try {
        return await body();
      } catch (error) {
        if (!(error instanceof Refused && error.status === 401)) throw error;
      }
    }
    await this.signIn();
    return body();
  }

  private async signIn(): Promise<void> {
    const [pair, me] = [await this.store.get("keys"), await this.store.get("me")];
    if (!pair || !me) throw new Refused(401, "device", {});
    let session: Session;
    try {
      session = await this.prove(pair, me.device);
    } catch (error) {
      if (!(error instanceof Refused && error.code === "device" && me.certificate)) throw error;
      // A server put back from a copy older than this phone does not know it, but it knows its own seal.
      session = await this.prove(pair, me.device, me.certificate);
    }
    await meetServer(this.store, session.me);
  }

  private async prove(pair: CryptoKeyPair, device: string, certificate = ""): Promise<Session> {
    const { challenge } = await this.server.challenge(device);
    const [signature, status] = [await sign(pair, challenge), await this.status()];
    const [asked, stamped] = [this.clock(), this.now()];
    const session = await this.server.signIn(device, challenge, signature, status, certificate);
    await this.store.set("offset_ms", offset(session.server_time, asked, this.clock()));
    await this.hear(session, stamped);
    return session;
  }

  private async status(): Promise<Status> {
    const persisted = (await navigator.storage?.persisted?.()) ?? null;
    return { persisted, waiting: unsent(await this.store.all("outbox")).length };
  }

  /** Remember what every answer tells. The mark is kept with how the clock that stamps entries stood against it. */
  private async hear(said: Said, asked: Date): Promise<void> {
    const me = await this.store.get("me"); // in a rehearsal entries are stamped by the server's clock already
    const ahead_ms = me?.rehearsal ? 0 : offset(said.server_time, asked, this.now());
    await this.store.write(EPOCH_STORES, async (t) => {
      await meetEpoch(t, said.epoch);
      if (said.mark) t.set("mark", { mark: said.mark, ahead_ms });
      t.set("contact", moment(this.now()));
    });
  }

  private async push(heard: () => void): Promise<void> {
    for (;;) {
      const batch = unsent(await this.store.all("outbox")).slice(0, BATCH);
      const lost = (await this.store.setting("lost")) ?? [];
      if (!batch.length && !lost.length) return;
      const [status, asked] = [await this.status(), this.now()];
      const answer = await this.server.push(batch.map((one) => one.entry), lost, status);
      await settle(this.store, answer.receipts, answer.safe_seq, this.now());
      if (lost.length) await this.store.set("lost", []);
      await this.hear(answer, asked);
      heard();
      const answered = new Set(answer.receipts.map((receipt) => receipt.id));
      if (!batch.every((one) => answered.has(one.id))) return; // it will be asked again, later
    }
  }

  private async pushFiles(): Promise<void> {
    for (const file of await this.store.all("blobs")) if (!file.sent) await this.pushFile(file);
  }

  /** Send a file, from where the server says it has it. One the server will not have holds nothing else up. */
  private async pushFile(file: KeptBlob): Promise<void> {
    try {
      let at = await this.server.attachmentOffset(file.sha256);
      const parts = Math.ceil(file.blob.size / PART) + 2; // a start over once in between
      for (let n = 0; at !== null && n < parts; n++) {
        at = await this.server.attachmentPart(file.sha256, file.blob.slice(at, at + PART), at, file.blob.size);
      }
      if (at !== null) return;
    } catch (error) {
      if (error instanceof Refused && error.status !== 401) return;
      throw error;
    }
    await this.store.write(["blobs"], (t) => t.put("blobs", { ...file, sent: true }));
  }

  private async revoked(): Promise<void> {
    await wipe(this.store, this.now());
    await this.store.set("revoked", moment(this.now()));
  }
}
