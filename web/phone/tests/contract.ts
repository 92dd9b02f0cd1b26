// The server of the contract, small enough to read, for tests only: it holds what it was told and can be told to fail.
import { chainHash, signedText } from "../chain";
import { comparisonCode } from "../keys";
import type { Fetch } from "../server";
import type { Me, Receipt, WireEntry, Work } from "../wire";

const nothing: Work = {
  cursor: "c1", reset: false, more: false, duties: [], done: [], cards: [], gone: [], areas: [], forms: [],
  server_time: "2020-02-03T00:00:00.000Z", epoch: "e1", expires_after_hours: 72,
};

export class Contract {
  me: Me = {
    device: "d1", by: "account:a1", name: "安娜", roles: ["grid_worker"], areas: [{ code: "610927100201000100", name: "一组" }],
    expires_at: "2021-01-01T00:00:00.000Z", seq: 0, prev_hash: "",
  };
  epoch = "e1";
  serverTime = "2020-02-03T00:00:00.000Z";
  safe = 0;
  /** Whether it knows the phone; one put back from a copy older than the phone does once it has seen the certificate. */
  known = true;
  state: "waiting" | "active" | "refused" = "waiting";
  key: CryptoKey | undefined;
  entries = new Map<string, WireEntry>();
  hold = new Map<string, string>();
  pushes: number[][] = [];
  lost: [number, number][] = [];
  files = new Map<string, { bytes: number[]; length: number }>();
  work: Partial<Work>[] = [];
  consented = true;
  cursors: string[] = [];
  /** What happens to the next requests, in order: nothing, the line breaks before, or after the server has heard. */
  faults: ("before" | "after" | "revoked" | "portal" | undefined)[] = [];
  private session = 0;

  fetch: Fetch = async (url, init) => {
    const fault = this.faults.shift();
    if (fault === "before") throw new TypeError("no line");
    if (fault === "portal") return new Response("<html>sign in to the Wi-Fi</html>", { status: 200 });
    if (fault === "revoked") return said(403, { error: "revoked", words: { zh_Hans: "已停用", en: "revoked" } });
    const answer = await this.answer(url.replace("/field/v1/", ""), init);
    if (fault === "after") throw new TypeError("the line broke");
    return answer;
  };

  /** Forget every session, as a server that was started again. */
  restart(): void {
    this.session += 1000;
  }

  private async answer(path: string, init: RequestInit): Promise<Response> {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const [what, rest] = path.split(/[/?](.*)/s) as [string, string | undefined];
    if (what === "enrol" && rest) return said(200, { device: "d1", state: this.state, consented: this.consented, ...(this.state === "active" ? { me: this.me } : {}) });
    if (what === "enrol") return this.enrol(body);
    if (what === "challenge") return said(200, { challenge: "sign me" });
    if (what === "sessions") {
      this.known ||= body.certificate !== undefined && body.certificate === this.me.certificate;
      if (!this.known) return said(401, { error: "device" });
      this.session += 1;
      return said(200, { session: `s${this.session}`, expires_at: "x", me: this.me, ...this.head() });
    }
    if ((init.headers as Record<string, string>).Authorization !== `Bearer s${this.session}`) return said(401, { error: "session" });
    if (what === "entries") return this.take(body);
    if (what === "work") return this.give(rest ?? "");
    if (what === "attachments") return this.file(init, rest!);
    return said(200, { kind: rest!.split("/")[0], version: 1, hash: rest!.split("/")[1], xform: "<x/>", extra: { lanes: [] }, words: {} });
  }

  private head() {
    return { server_time: this.serverTime, mark: `mark-${this.serverTime}`, epoch: this.epoch };
  }

  private async enrol(body: { token: string; public_key: string }): Promise<Response> {
    const spki = Uint8Array.from(atob(body.public_key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    this.key = await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
    return said(201, { device: "d1", code: await comparisonCode(body.token, spki), state: "waiting" });
  }

  private async take(body: { entries: WireEntry[]; lost?: [number, number][] }): Promise<Response> {
    this.pushes.push(body.entries.map((entry) => entry.seq));
    this.lost.push(...(body.lost ?? []));
    const receipts: Receipt[] = [];
    for (const entry of body.entries) {
      const before = this.entries.get(entry.id);
      const reason = this.hold.get(entry.subject) ?? "";
      const outcome = before ? "duplicate" : reason ? "held" : "applied";
      receipts.push({ id: entry.id, seq: entry.seq, outcome, reason: before && reason ? "held" : reason, words: { zh_Hans: reason, en: reason } });
      this.entries.set(entry.id, entry);
      if (entry.seq > this.me.seq) this.me = { ...this.me, seq: entry.seq, prev_hash: await chainHash(signedText(entry, this.me.by, this.me.device)) };
    }
    return said(200, { receipts, safe_seq: this.safe, ...this.head() });
  }

  private give(query: string): Response {
    this.cursors.push(new URLSearchParams(query).get("cursor") ?? "");
    return said(200, { ...nothing, ...this.head(), ...this.work.shift() });
  }

  private async file(init: RequestInit, name: string): Promise<Response> {
    const known = this.files.get(name);
    if (init.method === "HEAD") {
      if (!known) return new Response(null, { status: 404 });
      return new Response(null, { status: known.bytes.length === known.length ? 204 : 200, headers: { "Upload-Offset": String(known.bytes.length) } });
    }
    const headers = init.headers as Record<string, string>;
    const file = known ?? { bytes: [], length: Number(headers["Upload-Length"]) };
    const now = () => ({ headers: { "Upload-Offset": String(file.bytes.length) } });
    if (Number(headers["Upload-Offset"]) !== file.bytes.length) return new Response("{}", { status: 409, ...now() });
    file.bytes = file.bytes.concat(Array.from(new Uint8Array(await (init.body as Blob).arrayBuffer())));
    this.files.set(name, file);
    return new Response(null, { status: file.bytes.length === file.length ? 204 : 200, ...now() });
  }
}

function said(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}
