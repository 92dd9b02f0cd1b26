// A post as the server tells a phone of it: its turns, who waits there, who was handed off and referred.
import type { Body, Card } from "../wire";

export interface Turn {
  subject: string;
  name: string;
  role: string;
  lead: boolean;
  from: string;
  to: string;
  came: string | null;
}

export interface OwnTurn extends Turn {
  take: "owed" | "signed" | null;
  give: "owed" | "signed" | null;
  gone: boolean;
}

export interface HandedOff {
  card: string;
  name: string;
  where: string;
  plate: string;
  due_at: string;
  state: string;
  answer: string;
  note: string;
}

/** Somebody this post sent to a clinic. `result` is "" until the clinic has said something. */
export interface Referred {
  subject: string;
  name: string;
  clinic: string;
  due_at: string;
  state: string;
  result: "" | "excluded" | "observed" | "suspected" | "confirmed" | "did_not_arrive";
  companions: string[];
}

/** Somebody told to wait here, as the server knows it: written on this phone or on another. */
export interface Held {
  id: string;
  at: string;
  due_at: string;
  by: string;
  body: Body;
}

export interface PostData {
  code: string;
  mark: string;
  type: string;
  road: string;
  place: string;
  county: string;
  standing: string;
  order: { basis: string; until: string; hours: string; passage: string } | null;
  on: Turn[];
  next: Turn[];
  mine: OwnTurn[];
  held?: Held[];
  handed_off: HandedOff[];
  referred?: Referred[];
}

export interface Post {
  card: Card;
  data: PostData;
}
