// Which form answers a duty, which forms can be filled in about a card, and the short ways through them.
import type { Body, Card, Duty, Form, Lane } from "./wire";

export interface Way {
  form: Form;
  lane: Lane | null;
  prefill: Body;
  duty: Duty | null;
}

/** The usual form for a duty, filled in with what is known. Null while the form has not reached the phone. */
export function usual(duty: Duty, card: Card | undefined, forms: Map<string, Form>): Way | null {
  for (const answer of duty.answers) {
    const form = forms.get(answer.kind);
    if (form) return { form, lane: null, duty, prefill: { ...card?.prefill?.[form.kind], ...answer.prefill } };
  }
  return null;
}

/** The fast lanes of everything that answers one of the duties, usual forms first, each lane once. */
export function lanesFor(duties: Duty[], card: Card | undefined, forms: Map<string, Form>): Way[] {
  const ways: Way[] = [];
  for (const duty of duties) {
    for (const answer of duty.answers) {
      const form = forms.get(answer.kind);
      if (!form || !form.subject.includes(typeOf(duty.subject))) continue;
      const prefill = { ...card?.prefill?.[form.kind], ...answer.prefill };
      for (const lane of form.extra.lanes ?? []) {
        if (ways.some((way) => way.form.kind === form.kind && way.lane?.name === lane.name)) continue;
        ways.push({ form, lane, prefill, duty });
      }
    }
  }
  return ways;
}

/** Every form that can be filled in about a card, whether something is owed or not. */
export function formsAbout(card: Card, forms: Map<string, Form>): Way[] {
  return [...forms.values()]
    .filter((form) => form.subject.includes(card.type) && form.kind !== "correction")
    .sort((a, b) => a.title.zh_Hans.localeCompare(b.title.zh_Hans, "zh-Hans"))
    .map((form) => ({ form, lane: null, duty: null, prefill: card.prefill?.[form.kind] ?? {} }));
}

export function typeOf(subject: string): string {
  return subject.slice(0, subject.indexOf(":"));
}
