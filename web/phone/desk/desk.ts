// The desk as it runs: which posts and rules are on this phone, and how a pass, a tally and a check-in are saved.
import { now, opened, saveQuick } from "../app";
import { alone } from "../locks";
import { state } from "../state";
import type { Kept } from "../store";
import type { Body, Card } from "../wire";
import { cardNumber, dayInChina, take } from "./cards";
import type { Outcome } from "./decide";
import { waiting, type Passed } from "./mine";
import type { OwnTurn, Post, PostData } from "./post";
import { getsCards, passBody, type Desk, type Vehicle } from "./pass";
import { count, tallyBody, uncount, type Counted, type Minute } from "./tally";

export function posts(): Post[] {
  return [...state.cards.values()].flatMap((card) => asPost(card) ?? []).sort((a, b) => (a.card.title < b.card.title ? -1 : 1));
}

export function postOf(subject: string): Post | null {
  return asPost(state.cards.get(subject));
}

function asPost(card: Card | undefined): Post | null {
  return card?.type === "post" && card.data ? { card, data: card.data as unknown as PostData } : null;
}

/** What the desk decides by; null if no decision table holds in the county. */
export function deskOf(post: Post): Desk | null {
  return (state.cards.get(`desk:${post.data.county}`)?.data as unknown as Desk | undefined) ?? null;
}

/** Who waits at the post to be measured again. */
export function waitingAt(post: Post): Passed[] {
  return waiting(state.kept, post.card.subject, post.data.held ?? [], state.settings.pulled);
}

export interface Saved {
  kept: Kept;
  cards: string[];
}

/** Write a vehicle down; on the disk when this returns. Cards are numbered before anybody is given one. */
export async function savePass(post: Post, desk: Desk, one: Vehicle, decision: Outcome, why: string): Promise<Saved> {
  const cards = getsCards(one, decision) ? await numbers(post, one.people.length) : [];
  const body = passBody(desk, one, decision, why, cards) as Body;
  const kept = await write(post, "vehicle_pass", body, String(body.plate ?? ""), draftOf(post.card.subject));
  return { kept, cards };
}

async function numbers(post: Post, count: number): Promise<string[]> {
  const day = dayInChina(now());
  const first = await opened().write(["settings"], async (t) => {
    const taken = take(await t.setting("desk_numbers"), day, count);
    t.set("desk_numbers", taken.numbers);
    return taken.first;
  });
  return Array.from({ length: count }, (_, i) => cardNumber(post.data.code, day, post.data.mark, first + i));
}

/** Say that I am here and fit for my turn. */
export async function checkIn(post: Post, turn: OwnTurn): Promise<Kept> {
  return write(post, "shift_checkin", { fit: "yes" }, post.card.title, null, turn.subject);
}

export function draftOf(subject: string): string {
  return `desk ${subject}`;
}

function tallyOf(subject: string): string {
  return `tally ${subject}`;
}

/** The minutes counted at a post and not written down yet. */
export async function counted(subject: string): Promise<Minute[]> {
  return minutesIn((await opened().get("drafts", tallyOf(subject)))?.body);
}

/** Count one tap; on the disk when this returns, so that a dead battery loses nothing. */
export async function tap(subject: string, one: Counted, at: Date): Promise<Minute[]> {
  return changed(subject, (minutes) => count(minutes, one, at), at);
}

/** Take a tap back. */
export async function untap(subject: string, one: Counted, minute: string): Promise<Minute[]> {
  return changed(subject, (minutes) => uncount(minutes, one, minute), now());
}

async function changed(subject: string, change: (minutes: Minute[]) => Minute[], at: Date): Promise<Minute[]> {
  return alone("tally", () =>
    opened().write(["drafts"], async (t) => {
      const id = tallyOf(subject);
      const minutes = change(minutesIn((await t.get("drafts", id))?.body));
      const area = state.cards.get(subject)?.area ?? "";
      const title = state.cards.get(subject)?.title ?? "";
      t.put("drafts", { id, kind: "pass_tally", subject, amends: null, body: { minutes, area, title }, photos: [], paper: null, at: at.toISOString() });
      return minutes;
    }),
  );
}

function minutesIn(body: Body | undefined): Minute[] {
  return (body?.minutes as Minute[] | undefined) ?? [];
}

/** Write down what was counted; the tally goes in the same transaction, so that nothing is counted twice or not at all. */
export async function flush(subject: string): Promise<Kept | null> {
  return alone("tally", async () => {
    const draft = await opened().get("drafts", tallyOf(subject));
    const body = tallyBody(minutesIn(draft?.body));
    if (!draft || !body) return null;
    const last = Math.max(...body.minutes.map((one) => Date.parse(one.at)));
    return saveQuick({
      kind: "pass_tally", version: state.forms.get("pass_tally", String(draft.body.area))?.version ?? 1, subject, area: String(draft.body.area),
      happened_at: new Date(Math.max(now().getTime(), last)), body: body as unknown as Body, amends: null,
      title: String(draft.body.title), duty: null, attachments: [], draft: draft.id,
    });
  });
}

/** Write down what was counted before the app was closed. */
export async function flushAll(): Promise<void> {
  for (const draft of await opened().all("drafts")) if (draft.kind === "pass_tally" && draft.id === tallyOf(draft.subject)) await flush(draft.subject);
}

async function write(post: Post, kind: string, body: Body, title: string, draft: string | null, subject = post.card.subject): Promise<Kept> {
  return saveQuick({
    kind, version: state.forms.get(kind, post.card.area)?.version ?? 1, subject, area: post.card.area, happened_at: now(), body,
    amends: null, title: title || post.card.title, duty: null, attachments: [], draft,
  });
}
