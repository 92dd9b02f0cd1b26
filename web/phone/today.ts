// What I still owe, in the order of the deadlines: what must be done at once, then what is due first. Only where that is
// the same does the shorter way decide.
import { bodyNow } from "./correct";
import type { Kept } from "./store";
import type { Forms } from "./forms";
import type { Body, Card, Duty, Form } from "./wire";

export type Grouping = "household" | "person" | "post";
export type When = "overdue" | "open" | "later";
export type Position = [number, number];

export interface Owed {
  duty: Duty;
  card: Card | undefined;
  when: When;
  /** Something that meets it is written here that the server has not answered for yet. */
  recorded: boolean;
  /** Somebody has been there and it is owed all the same: nobody was home. */
  tried: boolean;
}

/** A door, a person or a place, with what is owed there. */
export interface Stop {
  subject: string;
  card: Card | undefined;
  area: string;
  owed: Owed[];
  when: When;
  recorded: boolean;
  tried: boolean;
  metres: number | null;
  /** When what is left here is due first, in the steps by which stops are ordered. */
  turn: Turn;
}

/** Where in the order something stands: what must be done at once, what is overdue, what is open; then its deadline. */
export type Turn = [rank: number, due: number];

export interface Known {
  duties: Duty[];
  cards: Map<string, Card>;
  kept: Kept[];
  /** Says which answers meet a duty. */
  forms?: Forms;
  /** When the last complete work list was taken. */
  pulled: string | undefined;
}

const ORDER: Record<When, number> = { overdue: 0, open: 1, later: 2 };
const MINUTE = 60_000;
/** What is to be done within so long of its being known is to be done at once: a symptom told, a car measured again. */
export const AT_ONCE = 120 * MINUTE;
const CHINA = 8 * 60 * MINUTE;

export function whenDue(duty: Duty, now: Date): When {
  if (Date.parse(duty.opens_at) > now.getTime()) return "later";
  return Date.parse(duty.due_at) < now.getTime() ? "overdue" : "open";
}

export function isAtOnce(duty: Duty): boolean {
  return Date.parse(duty.due_at) - Date.parse(duty.opens_at) <= AT_ONCE;
}

/** What was missed on one day counts alike, what is due within the same hour too; what must be done at once, never. */
export function turnOf(duty: Duty, now: Date): Turn {
  const when = whenDue(duty, now);
  const due = Date.parse(duty.due_at);
  if (when !== "later" && isAtOnce(duty)) return [0, due];
  const step = (when === "overdue" ? 24 : 1) * 60 * MINUTE;
  return [1 + ORDER[when], Math.floor((due + CHINA) / step) * step];
}

function sooner(a: Turn, b: Turn): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** Where a subject is met: a person at the household's door. */
export function doorOf(subject: string, cards: Map<string, Card>): string {
  return cards.get(subject)?.household || subject;
}

export function groupingOf(subject: string, cards: Map<string, Card>): Grouping {
  if (doorOf(subject, cards).startsWith("household:")) return "household";
  return subject.startsWith("person:") ? "person" : "post";
}

/** What is written here for a duty whose effect the work list does not show yet. */
export type Written = "nothing" | "tried" | "recorded";

/** Return what tells of a duty what is written for it. */
export function writtenFor(known: Known): (duty: Duty) => Written {
  const bySubject = new Map<string, { one: Kept; body: Body }[]>();
  for (const one of known.kept) {
    if (one.entry.amends !== null || one.state === "held") continue;
    const shown = one.receipt_at !== null && known.pulled !== undefined && known.pulled >= one.receipt_at;
    const body = shown ? null : bodyNow(one, known.kept);
    if (!body) continue;
    const again = typeof body.again_of === "string" ? [`entry:${body.again_of}`] : []; // who had been told to wait
    for (const subject of [one.entry.subject, ...again, ...(known.cards.get(one.entry.subject)?.members ?? [])]) {
      if (!bySubject.has(subject)) bySubject.set(subject, []);
      bySubject.get(subject)!.push({ one, body });
    }
  }
  return (duty) => {
    const about = (bySubject.get(duty.subject) ?? []).filter(({ one }) => duty.answers.some((answer) => answer.kind === one.entry.kind));
    if (about.some(({ one, body }) => meets(known.forms?.get(one.entry.kind, duty.area), body, duty))) return "recorded";
    return about.length ? "tried" : "nothing";
  };
}

/** Whether an entry meets the duty, as far as the form says; what it says nothing of is taken for met. */
function meets(form: Form | undefined, body: Body, duty: Duty): boolean {
  const said = form?.extra.settles?.filter((one) => one.duty === duty.name) ?? [];
  if (!said.length) return true;
  return said.some(({ field, values, each, subject }) => {
    const rows = each === undefined ? [body] : Array.isArray(body[each]) ? (body[each] as Body[]) : [];
    return rows.some((row) => values.includes(String(row[field])) && (!subject || row[subject] === duty.subject));
  });
}

/** The stops of one grouping, in the order to walk. */
export function stops(known: Known, by: Grouping, now: Date, here: Position | null): Stop[] {
  const written = writtenFor(known);
  const groups = new Map<string, Stop>();
  for (const duty of known.duties) {
    if (duty.closes_at !== null && Date.parse(duty.closes_at) < now.getTime()) continue;
    const key = keyIn(by, duty.subject, known.cards);
    if (key === null) continue;
    const card = known.cards.get(key);
    const stop = groups.get(key) ?? {
      subject: key,
      card,
      area: duty.area,
      owed: [],
      when: "later",
      recorded: false,
      tried: false,
      metres: here && card?.position ? distance(here, card.position) : null,
      turn: [0, 0],
    };
    const done = written(duty);
    stop.owed.push({
      duty,
      card: known.cards.get(duty.subject),
      when: whenDue(duty, now),
      recorded: done === "recorded",
      tried: done === "tried",
    });
    groups.set(key, stop);
  }
  const all = [...groups.values()];
  for (const stop of all) finish(stop, now);
  return all.sort(compare);
}

/** How many stops there are in each grouping at which something is to be done now. */
export function tally(known: Known, now: Date): Record<Grouping, number> {
  const written = writtenFor(known);
  const seen = { household: new Set<string>(), person: new Set<string>(), post: new Set<string>() };
  for (const duty of known.duties) {
    const closed = duty.closes_at !== null && Date.parse(duty.closes_at) < now.getTime();
    if (closed || whenDue(duty, now) === "later" || written(duty) === "recorded") continue;
    for (const by of ["household", "person", "post"] as const) {
      const key = keyIn(by, duty.subject, known.cards);
      if (key !== null) seen[by].add(key);
    }
  }
  return { household: seen.household.size, person: seen.person.size, post: seen.post.size };
}

function keyIn(by: Grouping, subject: string, cards: Map<string, Card>): string | null {
  if (by === "household") return groupingOf(subject, cards) === "household" ? doorOf(subject, cards) : null;
  if (by === "person") return subject.startsWith("person:") ? subject : null;
  return subject.startsWith("person:") || subject.startsWith("household:") ? null : subject;
}

function finish(stop: Stop, now: Date): void {
  const turns = new Map(stop.owed.map((one) => [one, turnOf(one.duty, now)]));
  stop.owed.sort((a, b) => sooner(turns.get(a)!, turns.get(b)!) || byDoor(stop, a, b) || cmp(a.duty.due_at, b.duty.due_at));
  stop.recorded = stop.owed.every((one) => one.recorded);
  const left = stop.owed.filter((one) => !one.recorded);
  stop.tried = left.some((one) => one.tried);
  stop.when = (left.length ? left : stop.owed).reduce<When>((w, one) => (ORDER[one.when] < ORDER[w] ? one.when : w), "later");
  stop.turn = turns.get((left.length ? left : stop.owed)[0]!)!;
}

/** What is owed of the door itself comes before what is owed of those behind it: one form answers for all. */
function byDoor(stop: Stop, a: Owed, b: Owed): number {
  return Number(b.duty.subject === stop.subject) - Number(a.duty.subject === stop.subject);
}

function compare(a: Stop, b: Stop): number {
  return (
    Number(a.recorded) - Number(b.recorded) ||
    sooner(a.turn, b.turn) ||
    near(a, b) ||
    cmp(a.area, b.area) ||
    inOrder.compare(a.card?.subtitle ?? "", b.card?.subtitle ?? "") ||
    inOrder.compare(a.card?.title ?? "", b.card?.title ?? "") ||
    cmp(a.subject, b.subject)
  );
}

function near(a: Stop, b: Stop): number {
  if (a.metres === null && b.metres === null) return 0;
  return (a.metres ?? Infinity) - (b.metres ?? Infinity);
}

const inOrder = new Intl.Collator("zh-Hans", { numeric: true }); // door 2 before door 10

function cmp(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Metres between two places, by the haversine. */
export function distance([lat1, lon1]: Position, [lat2, lon2]: Position): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return Math.round(2 * 6_371_000 * Math.asin(Math.sqrt(h)));
}

/** Whether a card answers a search: every word of it is somewhere in the title, the lines, the phone or the members. */
export function answers(card: Card | undefined, cards: Map<string, Card>, search: string): boolean {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  if (!card) return false;
  const said = [card, ...(card.members ?? []).map((member) => cards.get(member))]
    .filter((one): one is Card => one !== undefined)
    .map((one) => [one.title, one.subtitle, one.area_name, one.phone_masked, one.id_masked, ...one.lines.flatMap((line) => (typeof line[1] === "string" ? line[1] : Object.values(line[1])))].join(" "))
    .join(" ")
    .toLowerCase();
  return words.every((word) => said.includes(word));
}
