// The server, as the phone asks it. Every way it can fail is one of two: it could not be reached, or it refused.
import type { Enrolment, Form, FormName, Pushed, Session, Status, WireEntry, Words, Work } from "./wire";

export class Unreachable extends Error {}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly words: Partial<Words>,
  ) {
    super(`${status} ${code}`);
  }
}

const PATIENCE_MS = 45_000; // a weak line is slow, not dead

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Server {
  session: string | null = null;

  constructor(
    private readonly base = "/field/v1",
    private readonly fetcher: Fetch = (url, init) => fetch(url, init),
  ) {}

  enrol(token: string, publicKey: string, proof: string, label: string): Promise<Enrolment> {
    return this.post("enrol", { token, public_key: publicKey, proof, label });
  }

  enrolment(device: string, proof: string): Promise<Enrolment> {
    return this.post(`enrol/${device}`, { proof });
  }

  challenge(device: string): Promise<{ challenge: string }> {
    return this.post("challenge", { device });
  }

  async signIn(device: string, challenge: string, signature: string, status: Status, certificate = ""): Promise<Session> {
    const shown = certificate ? { certificate } : {};
    const session = await this.post<Session>("sessions", { device, challenge, signature, status, ...shown });
    this.session = session.session;
    return session;
  }

  push(entries: WireEntry[], lost: [number, number][], status: Status): Promise<Pushed> {
    return this.post("entries", { entries, ...(lost.length ? { lost } : {}), status });
  }

  work(cursor: string): Promise<Work> {
    return this.json("GET", `work?cursor=${encodeURIComponent(cursor)}`);
  }

  form(name: FormName): Promise<Form> {
    return this.json("GET", `forms/${encodeURIComponent(name.kind)}/${encodeURIComponent(name.hash)}`);
  }

  /** How many bytes of a file the server has; null if it has it all. */
  async attachmentOffset(sha256: string): Promise<number | null> {
    const answer = await this.ask("HEAD", `attachments/${sha256}`);
    if (answer.status === 204) return null;
    if (answer.status === 404) return 0;
    if (!answer.ok) throw await refusal(answer);
    return Number(answer.headers.get("Upload-Offset") ?? 0);
  }

  /** Send a part of a file; returns from where to go on, null if the server has it all. */
  async attachmentPart(sha256: string, part: Blob, offset: number, length: number): Promise<number | null> {
    const headers = { "Upload-Offset": String(offset), "Upload-Length": String(length) };
    const answer = await this.ask("PUT", `attachments/${sha256}`, part, headers);
    if (answer.status === 204) return null;
    if (!answer.ok && answer.status !== 409) throw await refusal(answer);
    return Number(answer.headers.get("Upload-Offset") ?? 0);
  }

  private post<T>(path: string, said: unknown): Promise<T> {
    return this.json("POST", path, JSON.stringify(said));
  }

  private async json<T>(method: string, path: string, body?: string): Promise<T> {
    const answer = await this.ask(method, path, body, body === undefined ? {} : { "Content-Type": "application/json" });
    if (!answer.ok) throw await refusal(answer);
    try {
      return (await answer.json()) as T;
    } catch {
      throw new Unreachable("the answer was not the server's"); // a hotel's or a carrier's sign-in page
    }
  }

  private async ask(
    method: string,
    path: string,
    body?: BodyInit,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const clock = new AbortController();
    const timer = setTimeout(() => clock.abort(), PATIENCE_MS);
    const init: RequestInit = { method, headers: { ...headers }, credentials: "omit", signal: clock.signal };
    if (this.session) (init.headers as Record<string, string>).Authorization = `Bearer ${this.session}`;
    if (body !== undefined) init.body = body;
    try {
      return await this.fetcher(`${this.base}/${path}`, init);
    } catch (error) {
      throw new Unreachable(String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

async function refusal(answer: Response): Promise<Error> {
  if (answer.status >= 500) return new Unreachable(`${answer.status}`);
  try {
    const said = (await answer.json()) as { error?: string; words?: Partial<Words> };
    return new Refused(answer.status, said.error ?? "refused", said.words ?? {});
  } catch {
    return new Refused(answer.status, "refused", {});
  }
}
