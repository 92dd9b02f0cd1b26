// What this phone has written at a post: who waits to be measured again, which referral is not written, the usual trips,
// and how many passed today. From own records alone, so it is right without a signal.
import type { Kept } from "../store";
import { dayInChina } from "./cards";
import type { From, To } from "./pass";
import type { Held } from "./post";

type Body = Record<string, unknown>;

export interface Passed {
  id: string;
  at: Date;
  body: Body;
  /** Who wrote it, if it was on another phone. */
  by?: string;
}

export interface Trip {
  from: From | null;
  to: To | null;
  purpose: string;
}

const read = new Map<string, Body>();

function bodyOf(one: Kept): Body {
  const known = read.get(one.id);
  if (known) return known;
  const body = JSON.parse(one.entry.body) as Body;
  read.set(one.id, body);
  return body;
}

/** What stands of one kind at a post, first to last: withdrawn ones left out, corrected ones as corrected. */
export function standing(kept: Kept[], kind: string, subject: string): Passed[] {
  const amended = new Map<string, Body>();
  for (const one of kept) if (one.entry.amends) amended.set(one.entry.amends, bodyOf(one));
  return kept
    .filter((one) => one.entry.kind === kind && one.entry.subject === subject && !amended.get(one.id)?.withdrawn)
    .map((one) => ({
      id: one.id,
      at: new Date(one.entry.happened_at),
      body: (amended.get(one.id)?.body as Body | undefined) ?? bodyOf(one),
    }));
}

/** Those told to wait who were not measured again, longest waiting first: on this phone or, as far as the last work list
 * says, on another. What this phone wrote and the list no longer names was finished elsewhere. */
export function waiting(kept: Kept[], subject: string, listed: Held[] = [], pulled?: string): Passed[] {
  const passes = standing(kept, "vehicle_pass", subject);
  const again = new Set(passes.map((one) => one.body.again_of));
  const named = new Set(listed.map((one) => one.id));
  const own = new Map(kept.map((one) => [one.id, one]));
  const told = (id: string) => {
    const at = own.get(id)?.receipt_at;
    return own.get(id)?.state === "applied" && typeof at === "string" && pulled !== undefined && pulled >= at;
  };
  const here = passes.filter((one) => one.body.decision === "hold" && (named.has(one.id) || !told(one.id)));
  const others = listed.filter((one) => !own.has(one.id)).map(({ id, at, by, body }) => ({ id, at: new Date(at), by, body }));
  return [...here, ...others].filter((one) => !again.has(one.id)).sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** The highest temperature taken in a vehicle; null if none was. */
export function hottest(body: Body): number | null {
  const taken = ((body.people as { temperature?: number }[] | undefined) ?? []).flatMap((each) => each.temperature ?? []);
  return taken.length ? Math.max(...taken) : null;
}

/** Those decided "refer" whose referral is not written yet. */
export function toRefer(kept: Kept[], subject: string): Passed[] {
  const written = new Set(standing(kept, "fever_referral", subject).map((one) => one.body.pass_id));
  return standing(kept, "vehicle_pass", subject).filter((one) => one.body.decision === "refer" && !written.has(one.id));
}

/** How many minutes are left until somebody may be measured again; 0 or less: now. */
export function minutesLeft(one: Passed, recheck: number, now: Date): number {
  return Math.min(recheck, Math.ceil((one.at.getTime() + recheck * 60_000 - now.getTime()) / 60_000)); // `now` may lag
}

/** The trips of late, the most recent first, each once: a tap for where from, where to and what for. */
export function trips(kept: Kept[], subject: string, names: Map<string, string>, most = 8): Trip[] {
  const found = new Map<string, Trip>();
  for (const { body } of standing(kept, "vehicle_pass", subject).slice(-200).reverse()) {
    const trip = tripOf(body, names);
    if (!trip.from && !trip.to) continue;
    const key = JSON.stringify([trip.from?.code, trip.from?.name, trip.to?.code, trip.to?.address, trip.purpose]);
    if (!found.has(key)) found.set(key, trip);
    if (found.size >= most) break;
  }
  return [...found.values()];
}

export function tripOf(body: Body, names: Map<string, string>): Trip {
  const place = String(body.from_place ?? "");
  const code = String(body.from_code ?? "");
  const to = String(body.destination ?? "");
  return {
    from: place || code ? { code, name: place || code, level: String(body.region ?? "unknown") } : null,
    to: to ? { code: to, name: names.get(to) ?? to, address: String(body.destination_address ?? "") } : null,
    purpose: String(body.purpose ?? "other"),
  };
}

/** The last pass of a plate. */
export function lastOf(kept: Kept[], subject: string, plate: string): Passed | undefined {
  return standing(kept, "vehicle_pass", subject).filter((one) => one.body.plate === plate).at(-1);
}

export interface Counts {
  vehicles: number;
  people: number;
  vehicles_back: number;
  people_back: number;
  referred: number;
}

/** What this phone counted on a day in China: as bulou/checkpoints/rules/counts.py does. */
export function countsOn(kept: Kept[], subject: string, day: string): Counts {
  const sum: Counts = { vehicles: 0, people: 0, vehicles_back: 0, people_back: 0, referred: 0 };
  for (const { body, at } of standing(kept, "vehicle_pass", subject)) {
    if (dayInChina(at) !== day) continue;
    const vehicles = body.vehicle === "on_foot" ? 0 : 1;
    const people = ((body.people as unknown[] | undefined) ?? []).length;
    if (!body.again_of) {
      sum.vehicles += vehicles;
      sum.people += people;
    }
    if (body.decision === "turn_back") {
      sum.vehicles_back += vehicles;
      sum.people_back += people;
    }
  }
  for (const { body } of standing(kept, "pass_tally", subject)) {
    for (const minute of (body.minutes as Record<string, unknown>[] | undefined) ?? []) {
      if (String(minute.at).slice(0, 10) !== day) continue;
      for (const name of ["vehicles", "people", "vehicles_back", "people_back"] as const) sum[name] += Number(minute[name] ?? 0);
    }
  }
  sum.referred = standing(kept, "fever_referral", subject).filter((one) => dayInChina(one.at) === day).length;
  return sum;
}
