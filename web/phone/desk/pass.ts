// A vehicle at the barrier: what was taken down of it, and the record that is made of it. A record the kind would refuse
// cannot be made: tests/agreement gives what comes out of here to the real kinds.
import { type Demand, demanded, type Known, type Outcome, type Row, type Table, decideVehicle, levelOf, type VehicleDecision } from "./decide";
import { readPlate } from "./plates";

export interface Guest {
  temperature: number | null;
  refused: boolean;
  name: string;
  id_number: string;
  phone: string;
}

export interface From {
  code: string;
  name: string;
  /** Said by the worker in place of what the code says. */
  level?: string;
}

export interface To {
  code: string;
  name: string;
  address: string;
}

export interface Vehicle {
  vehicle: string;
  plate: string;
  from: From | null;
  to: To | null;
  purpose: string;
  exempt: string;
  people: Guest[];
  /** The id of the record in which it was told to wait. */
  again_of: string | null;
}

export interface Desk {
  table: Table;
  temperature: [number, number];
  follow_days_most: number;
  recheck_minutes: number;
  fever_c: number;
  travel_minutes: number;
  destinations: { code: string; name: string; in: string }[];
}

export const guest = (temperature: number | null = null): Guest => ({ temperature, refused: false, name: "", id_number: "", phone: "" });

export function empty(): Vehicle {
  return { vehicle: "car", plate: "", from: null, to: null, purpose: "other", exempt: "none", people: [guest()], again_of: null };
}

export function region(table: Table, from: From | null): string {
  return from ? (from.level ?? levelOf(table, from.code)) : "unknown";
}

export function knownOf(table: Table, one: Vehicle): { vehicle: Known; people: Known[] } {
  return {
    vehicle: {
      region: region(table, one.from),
      address: one.to ? "yes" : "no",
      purpose: one.purpose,
      exempt: one.exempt,
      measured: one.again_of ? "again" : "first",
    },
    people: one.people.map((each) => ({ temperature: each.temperature, refused: each.refused ? "yes" : "no" })),
  };
}

export function propose(table: Table, one: Vehicle): VehicleDecision {
  const { vehicle, people } = knownOf(table, one);
  return decideVehicle(table, vehicle, people);
}

export interface Lack {
  name: "address" | "temperature" | "why" | "people" | "demand";
  demands?: Demand[];
}

/** What is still missing before the record can be made; null if nothing is. */
export function lacking(desk: Desk, one: Vehicle, decision: Outcome, why: string): Lack | null {
  const [least, most] = desk.temperature;
  if (one.people.some((each) => each.temperature !== null && (each.temperature < least || each.temperature > most))) return { name: "temperature" };
  if (one.to && !one.to.address.trim()) return { name: "address" };
  const { outcome, row } = propose(desk.table, one);
  const demands = undone(one, demanded(desk.table, row, decision));
  if (demands.length) return { name: "demand", demands };
  if (outcome !== "" && outcome !== decision && !why.trim()) return { name: "why" };
  return null;
}

/** What of these is not taken down yet. Nobody who refuses is asked for a name: they are handed over. */
export function undone(one: Vehicle, demands: Demand[]): Demand[] {
  const people = one.people.filter((each) => !each.refused);
  const said: Record<Demand, boolean> = {
    plate: one.vehicle === "on_foot" || readPlate(one.plate).text !== "",
    from: Boolean(one.from && (one.from.name.trim() || /^[0-9]{2,12}$/.test(one.from.code))),
    name: people.every((each) => each.name.trim()),
    phone: !people.length || people.some((each) => each.phone.trim()),
    id_number: people.every((each) => each.id_number.trim()),
  };
  return demands.filter((name) => !said[name]);
}

/** The body of the vehicle_pass. Throws if something is lacking. `cards` are the numbers given out, one a person. */
export function passBody(desk: Desk, one: Vehicle, decision: Outcome, why: string, cards: string[]): Record<string, unknown> {
  const lack = lacking(desk, one, decision, why);
  if (lack) throw new Error(`lacking ${lack.name}`);
  const { outcome, row } = propose(desk.table, one);
  const plate = readPlate(one.plate);
  const said: Record<string, unknown> = { vehicle: one.vehicle, plate_kind: one.vehicle === "on_foot" ? "none" : plate.kind };
  const put = (name: string, value: unknown) => {
    if (value !== "" && value !== null && value !== undefined) said[name] = value;
  };
  put("plate", plate.text);
  put("again_of", one.again_of);
  said.region = region(desk.table, one.from);
  if (/^[0-9]{2,12}$/.test(one.from?.code ?? "")) put("from_code", one.from?.code);
  put("from_place", one.from?.name.trim());
  said.purpose = one.purpose;
  said.exempt = one.exempt;
  if (one.to) {
    said.destination = one.to.code;
    said.destination_address = one.to.address.trim();
  }
  said.people = one.people.map((each, i) => person(each, cards[i]));
  said.people_count = one.people.length;
  const demands = demanded(desk.table, row, decision);
  if (demands.length) said.demands = demands;
  said.decision_table = desk.table.name;
  put("decision_row", row?.name);
  put("proposed", outcome);
  said.decision = decision;
  if (outcome !== "" && outcome !== decision) said.why_overridden = why.trim();
  if (decision === "pass") follow(said, desk, row, decision);
  return said;
}

function person(each: Guest, card: string | undefined): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  if (each.temperature !== null) row.temperature = each.temperature;
  row.refused = each.refused ? "yes" : "no";
  for (const name of ["name", "id_number", "phone"] as const) if (each[name].trim()) row[name] = each[name].trim();
  if (card) row.card = card;
  return row;
}

/** Followed up as the row says, if that is what was decided by it. */
function follow(said: Record<string, unknown>, desk: Desk, row: Row | null, decision: Outcome): void {
  if (row?.then !== decision || !row.follow_days) return;
  said.follow_days = Math.min(row.follow_days, desk.follow_days_most);
  said.follow_where = row.follow_where;
}

/** Whether somebody is given a card: who is let in with a place to go to. */
export function getsCards(one: Vehicle, decision: Outcome): boolean {
  return decision === "pass" && one.to !== null;
}

/** What the referral's form begins with, from the pass that was decided "refer": the sick, and who was with them. */
export function referralFrom(id: string, body: Record<string, unknown>, fever: number, first: number | null = null): Record<string, unknown> {
  const people = ((body.people as Record<string, unknown>[] | undefined) ?? []).slice();
  const hot = (each: Record<string, unknown>) => (typeof each.temperature === "number" ? each.temperature : 0);
  const sickest = people.reduce((worst, each, i) => (hot(each) > hot(people[worst]!) ? i : worst), 0);
  const sick = people[sickest] ?? {};
  const others = people.filter((_, i) => i !== sickest);
  const said: Record<string, unknown> = { pass_id: id, alone: others.length ? "no" : "yes" };
  const put = (to: Record<string, unknown>, name: string, value: unknown) => {
    if (value !== undefined && value !== "" && value !== null) to[name] = value;
  };
  put(said, "plate", body.plate);
  put(said, "from_place", body.from_place);
  for (const name of ["name", "phone", "id_number"]) put(said, name, sick[name]);
  const now = sick.temperature;
  if (first !== null && body.again_of) {
    said.first_temperature = first;
    put(said, "second_temperature", now);
  } else put(said, "first_temperature", now);
  if (others.length) {
    said.companions = others.map((each) => {
      const row: Record<string, unknown> = {};
      for (const name of ["name", "phone", "id_number", "temperature", "card"]) put(row, name, each[name]);
      if (hot(each) >= fever) row.what = "goes_along";
      return row;
    });
  }
  return said;
}
