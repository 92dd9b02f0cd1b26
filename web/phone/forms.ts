// The forms on this phone. A kind may be drawn in more than one way: each county has rules of its own.
import type { Form, FormName } from "./wire";

export class Forms {
  private readonly byKind = new Map<string, Form[]>();

  constructor(all: Iterable<Form> = []) {
    for (const form of all) this.byKind.set(form.kind, [...(this.byKind.get(form.kind) ?? []), form]);
  }

  /** The form of a kind as it is drawn in an area; without one, in any: its title is the same everywhere. */
  get(kind: string, area?: string): Form | undefined {
    const all = this.byKind.get(kind) ?? [];
    if (area === undefined) return all[0];
    return best(all, area);
  }

  /** Every form that can be used in an area, one for each kind. */
  in(area: string): Form[] {
    return [...this.byKind.values()].flatMap((all) => best(all, area) ?? []);
  }
}

/** Of those that hold in the area the narrowest. */
function best(all: Form[], area: string): Form | undefined {
  const code = area.padEnd(18, "0");
  const fitting = all.map((form) => [width(form, code), form] as const).filter(([wide]) => wide !== null);
  return fitting.sort(([a], [b]) => a! - b!)[0]?.[1];
}

/** How wide the range is in which the form holds at the place; null if it does not. */
function width(form: FormName, code: string): number | null {
  if (!form.where?.length) return Infinity;
  const around = form.where.filter(([first, last]) => first <= code && code <= last);
  return around.length ? Math.min(...around.map(([first, last]) => Number(last) - Number(first))) : null;
}
