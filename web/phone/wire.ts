// What the phone and the server say to each other (/field/v1/). Moments are "YYYY-MM-DDTHH:MM:SS.mmmZ"; areas are
// 18-digit codes; binary is base64url without padding.

export type Language = "zh_Hans" | "en";
export type Words = Record<Language, string>;
export type Body = Record<string, unknown>;

export interface Area {
  code: string;
  name: string;
  depth?: number;
}

export interface Me {
  device: string;
  by: string;
  name: string;
  roles: string[];
  areas: Area[];
  expires_at: string;
  /** The highest number the server has of this device, and the hash of that entry ("" before the first). */
  seq: number;
  prev_hash: string;
  /** The server's clock is a rehearsal's, and the phone is to go by it. */
  rehearsal?: boolean;
  /** What lets this phone in again where a server was put back from a copy older than it; empty if it is not trusted. */
  certificate?: string;
}

/** An entry as it goes over the wire; `by` and `device` are inside the signature and come from the session. */
export interface WireEntry {
  id: string;
  kind: string;
  version: number;
  subject: string;
  area: string;
  happened_at: string;
  recorded_at: string;
  seq: number;
  prev_hash: string;
  amends: string | null;
  /** The last mark the server gave, and by how much this clock was then ahead of its own; entries of before have none. */
  mark?: string;
  ahead_ms?: number;
  body: string;
  signature: string;
}

export interface Receipt {
  id: string;
  seq: number;
  outcome: "applied" | "duplicate" | "held";
  reason: string;
  words?: Partial<Words> | null;
}

export interface Said {
  server_time: string;
  /** The server's moment under its seal; what is written after it is heard carries it. */
  mark?: string;
  epoch: string;
}

export interface Pushed extends Said {
  receipts: Receipt[];
  safe_seq: number;
}

export interface Duty {
  id: string;
  name: string;
  title: Words;
  subject: string;
  area: string;
  opens_at: string;
  due_at: string;
  closes_at: string | null;
  answers: { kind: string; prefill: Body }[];
}

export interface Card {
  subject: string;
  type: string;
  title: string;
  subtitle: string;
  area: string;
  area_name: string;
  lines: [Words | string, Words | string][];
  members?: string[];
  household?: string;
  phone_masked?: string;
  id_masked?: string;
  position?: [number, number] | null;
  prefill?: Record<string, Body>;
  /** Of each kind, by the name of a fast lane: what the record keeps it from filling in. */
  lanes?: Record<string, Record<string, LaneOpen>>;
  /** Of a post, what its screen shows; of a desk, what it decides by. */
  data?: Body;
}

export interface LaneOpen {
  /** Why it is not offered at all: nobody lives there. */
  never?: string;
  /** What it asks although it fills it in: the key, and the person in whose row it stands ("" outside rows). */
  asks?: [string, string][];
}

export interface Lane {
  name: string;
  title: Words;
  asks: string[];
  fill: Body;
}

/** A duty is met only by these answers to `field`; with `each`, by a row of it whose `subject` is who owes it. */
export interface Settles {
  duty: string;
  field: string;
  values: string[];
  each?: string;
  subject?: string;
}

export interface Extra {
  lanes?: Lane[];
  hidden?: string[];
  settles?: Settles[];
}

export interface FormName {
  kind: string;
  version: number;
  hash: string;
  title: Words;
  subject: string[];
  url?: string;
  /** Where it is drawn so: ranges of 18-digit codes, first and last; none is everywhere. */
  where?: [string, string][];
}

export interface Form extends FormName {
  xform: string;
  extra: Extra;
  words?: unknown;
}

export interface Work extends Said {
  cursor: string;
  reset: boolean;
  more: boolean;
  duties: Duty[];
  done: string[];
  cards: Card[];
  gone: string[];
  areas: Area[];
  /** The whole list, or empty if nothing in it changed; so are the areas. */
  forms: FormName[];
  expires_after_hours: number;
  /** Says when not all of the worker's households fit on a phone. */
  notice?: Words | null;
}

export interface Session extends Said {
  session: string;
  expires_at: string;
  me: Me;
}

/** What a phone says of itself: whether its storage is promised to be kept, and how many entries are unsent. */
export interface Status {
  persisted: boolean | null;
  waiting: number;
}

export interface Enrolment {
  device: string;
  code: string;
  state: EnrolmentState;
  /** Its worker has signed in and said that the phone is theirs. */
  consented: boolean;
  me?: Me;
}

export type EnrolmentState = "waiting" | "active" | "refused" | "expired";
