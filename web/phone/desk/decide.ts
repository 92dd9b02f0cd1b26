// The decision table of a post as the server sends it (bulou/checkpoints/rules/deciding.py), decided without a signal.
// The first row that fits decides. A vehicle is treated as the gravest of what its people call for. cases.json holds
// both sides to the same answers.

export interface Span {
  from?: number | null;
  to?: number | null;
  from_included?: boolean;
  to_included?: boolean;
  missing?: boolean;
}

export interface Row {
  name: string;
  when: Record<string, Span | string[]>;
  then: string;
  reason: { zh: string; en: string };
  source: string;
  follow_days: number;
  follow_where: string;
}

export interface Table {
  name: string;
  gravity: string[];
  regions: Record<string, string>;
  rows: Row[];
}

export type Known = Record<string, string | number | null | undefined>;

/** What to do and by which row; outcome "" and no row where none fits. */
export interface Decision {
  outcome: string;
  row: Row | undefined;
}

function holds(condition: Span | string[], value: string | number | null | undefined): boolean {
  if (Array.isArray(condition)) return typeof value === "string" && condition.includes(value);
  if (typeof value !== "number" || Number.isNaN(value)) return condition.missing === true;
  if (condition.missing) return false;
  const low = condition.from ?? -Infinity;
  const high = condition.to ?? Infinity;
  const above = condition.from_included === false ? value > low : value >= low;
  return above && (condition.to_included === true ? value <= high : value < high);
}

export function decide(table: Table, known: Known): Decision {
  const row = table.rows.find((each) => Object.entries(each.when).every(([name, said]) => holds(said, known[name])));
  return { outcome: row?.then ?? "", row };
}

/** What to do with a vehicle: the first of its gravest people, and what each of them calls for. */
export function decideVehicle(table: Table, vehicle: Known, people: Known[]): Decision & { people: Decision[] } {
  const each = (people.length ? people : [{}]).map((person) => decide(table, { ...vehicle, ...person }));
  const gravity = (one: Decision): number => table.gravity.indexOf(one.outcome);
  const gravest = each.reduce((worst, one) => (gravity(one) < gravity(worst) ? one : worst));
  return { ...gravest, people: each };
}

/** How risky a place of departure is: that of the longest prefix of its division code; "unknown" if it is not said. */
export function levelOf(table: Table, code: string): string {
  if (!code) return "unknown";
  const known = Object.keys(table.regions).filter((prefix) => code.startsWith(prefix));
  const longest = known.reduce((best, prefix) => (prefix.length > best.length ? prefix : best), "");
  return table.regions[longest] ?? "low";
}

/** 一人一编号: the number of a card, the same as bulou/checkpoints/rules/cards.py makes it. `day` is "2020-01-30". */
export function cardNumber(postCode: string, day: string, mark: string, number: number): string {
  return `${postCode}-${day.slice(5, 7)}${day.slice(8, 10)}-${mark}-${String(number).padStart(3, "0")}`;
}
