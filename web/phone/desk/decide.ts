// What the county's decision table says of a vehicle and the people in it: first row that fits decides, the gravest of
// its people decides for the vehicle. The same as bulou/checkpoints/rules/deciding.py; tests/agreement holds them together.

export type Outcome = "pass" | "turn_back" | "hold" | "refer" | "hand_over";
export type Known = Record<string, string | number | null | undefined>;
export type Said = Record<"zh" | "en", string>;

export type Demand = "plate" | "from" | "name" | "phone" | "id_number";

export interface Input {
  name: string;
  of: "vehicle" | "person";
  title: Said;
  choices?: Record<string, Said>;
  default?: string;
  least?: number | null;
  most?: number | null;
}

export interface Span {
  missing?: boolean;
  from?: number | null;
  to?: number | null;
  from_included?: boolean;
  to_included?: boolean;
}

export interface Row {
  name: string;
  when: Record<string, string[] | Span>;
  then: Outcome;
  reason: Said;
  source: string;
  follow_days: number;
  follow_where: string;
  /** What must be taken down before this is done. */
  demands?: Demand[];
}

export interface Table {
  name: string;
  title: Said;
  gravity: Outcome[];
  inputs: Input[];
  regions: Record<string, string>;
  rows: Row[];
  /** What must be taken down of whoever is let in against the table. */
  otherwise?: Demand[];
}

export interface Decision {
  outcome: Outcome | "";
  row: Row | null;
}

export interface VehicleDecision extends Decision {
  people: Decision[];
}

export function decide(table: Table, known: Known): Decision {
  const row = table.rows.find((one) => fits(one, known));
  return row ? { outcome: row.then, row } : { outcome: "", row: null };
}

export function decideVehicle(table: Table, vehicle: Known, people: Known[]): VehicleDecision {
  const each = (people.length ? people : [{}]).map((person) => decide(table, { ...vehicle, ...person }));
  const gravest = each.reduce((worst, one) => (gravity(table, one.outcome) < gravity(table, worst.outcome) ? one : worst));
  return { ...gravest, people: each };
}

/** What must be taken down before this is decided: what the row demands, or the table of an exception. */
export function demanded(table: Table, row: Row | null, decision: Outcome | ""): Demand[] {
  if (row && row.then === decision) return row.demands ?? [];
  return decision === "pass" ? (table.otherwise ?? []) : [];
}

/** How risky a place of departure is: that of the longest prefix known, "unknown" if it is not said. */
export function levelOf(table: Table, code: string): string {
  if (!code) return "unknown";
  const known = Object.keys(table.regions).filter((prefix) => code.startsWith(prefix));
  const longest = known.reduce((best, one) => (one.length > best.length ? one : best), "");
  return longest ? table.regions[longest]! : "low";
}

/** Which of these questions would change the decision if it were answered otherwise: worth asking before deciding. */
export function decisive(table: Table, vehicle: Known, people: Known[], names: string[]): string[] {
  return names.filter((name) => {
    const choices = table.inputs.find((one) => one.name === name)?.choices;
    const outcomes = Object.keys(choices ?? {}).map((value) => {
      const { outcome, row } = decideVehicle(table, { ...vehicle, [name]: value }, people);
      return `${outcome} ${row?.follow_days ?? 0}`;
    });
    return new Set(outcomes).size > 1;
  });
}

function gravity(table: Table, outcome: Outcome | ""): number {
  return outcome === "" ? -1 : table.gravity.indexOf(outcome);
}

function fits(row: Row, known: Known): boolean {
  return Object.entries(row.when).every(([name, condition]) => {
    const value = known[name];
    if (Array.isArray(condition)) return typeof value === "string" && condition.includes(value);
    return holds(condition, value);
  });
}

function holds(span: Span, value: unknown): boolean {
  if (typeof value !== "number" || Number.isNaN(value)) return span.missing === true;
  if (span.missing) return false;
  const low = span.from ?? -Infinity;
  const high = span.to ?? Infinity;
  const above = span.from_included === false ? value > low : value >= low;
  return above && (span.to_included === true ? value <= high : value < high);
}
