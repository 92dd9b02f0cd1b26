// The phone's own store: IndexedDB `bulou`. Every write asks the disk (`durability: "strict"`): Chromium's default may
// lose in a power cut what it has said is written. A write is done when its transaction is complete, not before.
import type { Card, Duty, Form, FormName, Me, Receipt, WireEntry, Words } from "./wire";

/** `saved` is on this phone alone; `applied` and `held` are what the server answered. */
export type OutboxState = "saved" | "applied" | "held";

/** An own entry, kept at least until a backup kept elsewhere has it. */
export interface Kept {
  seq: number;
  id: string;
  entry: WireEntry;
  state: OutboxState;
  /** Whom or what it is about, in words, as they stood when it was written. */
  title: string;
  /** The duty it was written for, if any. */
  duty: string | null;
  receipt: Receipt | null;
  receipt_at: string | null;
  attachments: string[];
}

export interface KeptBlob {
  sha256: string;
  blob: Blob;
  name: string;
  type: string;
  sent: boolean;
}

export interface Draft {
  /** `kind subject lane amends` */
  id: string;
  kind: string;
  subject: string;
  amends: string | null;
  body: Record<string, unknown>;
  /** Photos taken for it. */
  photos: Omit<KeptBlob, "sent">[];
  paper: string | null;
  at: string;
}

/** Single values, each under its own name. */
export interface Settings {
  counter: { seq: number; hash: string };
  /** Numbers this device has used whose entries no longer exist anywhere. */
  lost: [number, number][];
  epoch: string;
  cursor: string;
  contact: string;
  pulled: string;
  expires_hours: number;
  expired: string;
  offset_ms: number;
  mark: { mark: string; ahead_ms: number };
  safe_seq: number;
  areas: { code: string; name: string }[];
  form_names: FormName[];
  server_notice: Partial<Words>;
  pin: { salt: string; rounds: number; hash: string };
  revoked: string;
  enrolling: { device: string; code: string };
  /** The last card number given out at a desk, and on which day. */
  desk_numbers: { day: string; last: number };
  notice: { name: "continued" | "lost" | "resent"; count: number };
}

interface Schema {
  keys: CryptoKeyPair;
  me: Me;
  outbox: Kept;
  blobs: KeptBlob;
  drafts: Draft;
  duties: Duty;
  cards: Card;
  forms: Form;
  settings: { name: string; value: unknown };
}

export type StoreName = keyof Schema;

const PATHS: Record<StoreName, string | null> = {
  keys: null,
  me: null,
  outbox: "seq",
  blobs: "sha256",
  drafts: "id",
  duties: "id",
  cards: "subject",
  forms: "hash",
  settings: "name",
};

const VERSION = 2;

/** Until version 2 there was one form of a kind. */
function keyByHash(db: IDBDatabase, upgrade: IDBTransaction): void {
  const asked = upgrade.objectStore("forms").getAll() as IDBRequest<Form[]>;
  asked.onsuccess = () => {
    db.deleteObjectStore("forms");
    const forms = db.createObjectStore("forms", { keyPath: PATHS.forms });
    for (const form of asked.result) forms.put(form);
  };
}

/** The one key under which `keys` and `me` hold their only value. */
export const ONLY = "device";

export class Transaction {
  constructor(private readonly raw: IDBTransaction) {}

  async get<S extends StoreName>(store: S, key: IDBValidKey): Promise<Schema[S] | undefined> {
    return asked(this.raw.objectStore(store).get(key));
  }

  async all<S extends StoreName>(store: S): Promise<Schema[S][]> {
    return asked(this.raw.objectStore(store).getAll());
  }

  put<S extends StoreName>(store: S, value: Schema[S]): void {
    if (PATHS[store] === null) this.raw.objectStore(store).put(value, ONLY);
    else this.raw.objectStore(store).put(value);
  }

  remove(store: StoreName, key: IDBValidKey): void {
    this.raw.objectStore(store).delete(key);
  }

  clear(store: StoreName): void {
    this.raw.objectStore(store).clear();
  }

  async setting<N extends keyof Settings>(name: N): Promise<Settings[N] | undefined> {
    return (await this.get("settings", name))?.value as Settings[N] | undefined;
  }

  set<N extends keyof Settings>(name: N, value: Settings[N]): void {
    this.put("settings", { name, value });
  }
}

export class Store {
  private constructor(private readonly db: IDBDatabase) {}

  /** Open the store, making it if there is none. A newer version in another tab closes this one. */
  static async open(name = "bulou"): Promise<Store> {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = (event) => {
      const stores = request.result.objectStoreNames;
      for (const [store, path] of Object.entries(PATHS)) {
        if (!stores.contains(store)) request.result.createObjectStore(store, path === null ? {} : { keyPath: path });
      }
      if (event.oldVersion === 1) keyByHash(request.result, request.transaction!);
    };
    const db = await asked(request);
    db.onversionchange = () => db.close();
    return new Store(db);
  }

  close(): void {
    this.db.close();
  }

  async read<T>(stores: StoreName[], body: (t: Transaction) => Promise<T>): Promise<T> {
    return body(new Transaction(this.db.transaction(stores, "readonly")));
  }

  /** Run `body` in one transaction and return only once the disk has it. Nothing is written if `body` throws.
   *
   * `body` may await nothing but this transaction's own reads: a transaction with nothing to do closes itself. */
  async write<T>(stores: StoreName[], body: (t: Transaction) => Promise<T> | T): Promise<T> {
    const raw = this.db.transaction(stores, "readwrite", { durability: "strict" });
    const complete = new Promise<void>((resolve, reject) => {
      raw.oncomplete = () => resolve();
      raw.onabort = () => reject(raw.error ?? new DOMException("aborted", "AbortError"));
    });
    complete.catch(() => undefined); // told below, or overtaken by what `body` threw
    let result: T;
    try {
      result = await body(new Transaction(raw));
    } catch (error) {
      try {
        raw.abort();
      } catch {
        // it has aborted by itself
      }
      throw error;
    }
    await complete;
    return result;
  }

  async all<S extends StoreName>(store: S): Promise<Schema[S][]> {
    return this.read([store], (t) => t.all(store));
  }

  async get<S extends StoreName>(store: S, key: IDBValidKey = ONLY): Promise<Schema[S] | undefined> {
    return this.read([store], (t) => t.get(store, key));
  }

  async setting<N extends keyof Settings>(name: N): Promise<Settings[N] | undefined> {
    return this.read(["settings"], (t) => t.setting(name));
  }

  async set<N extends keyof Settings>(name: N, value: Settings[N]): Promise<void> {
    await this.write(["settings"], (t) => t.set(name, value));
  }
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
