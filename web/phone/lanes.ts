// Which form answers a duty, which forms can be filled in about a card, and the short ways through them.
import type { Forms } from "./forms";
import type { Body, Card, Duty, Form, Lane, LaneOpen } from "./wire";

export interface Way {
  form: Form;
  lane: Lane | null;
  /** Whom or what the form is about: a person's duty may be answered at the household's door. */
  subject: string;
  prefill: Body;
  duty: Duty | null;
}

type Cards = Map<string, Card>;

/** The usual form for a duty, filled in with what is known. Null while the form has not reached the phone. */
export function usual(duty: Duty, cards: Cards, forms: Forms): Way | null {
  return waysOf(duty, cards, forms)[0] ?? null;
}

/** The fast lanes of everything that answers one of the duties, usual forms first, each lane once. */
export function lanesFor(duties: Duty[], cards: Cards, forms: Forms): Way[] {
  const found: Way[] = [];
  for (const way of duties.flatMap((duty) => waysOf(duty, cards, forms))) {
    for (const lane of way.form.extra.lanes ?? []) {
      if (openIn(cards.get(way.subject), way.form, lane)?.never) continue; // nobody lives there: not "all at home"
      if (found.some((one) => one.form.kind === way.form.kind && one.lane?.name === lane.name)) continue;
      found.push({ ...way, lane });
    }
  }
  return found;
}

/** What the record keeps a lane from filling in, about this card's subject. */
export function openIn(card: Card | undefined, form: Form, lane: Lane): LaneOpen | undefined {
  return card?.lanes?.[form.kind]?.[lane.name];
}

function waysOf(duty: Duty, cards: Cards, forms: Forms): Way[] {
  const about = [duty.subject, cards.get(duty.subject)?.household].filter((subject): subject is string => Boolean(subject));
  return duty.answers.flatMap((answer) => {
    const form = forms.get(answer.kind, duty.area);
    const subject = form && about.find((one) => form.subject.includes(typeOf(one)));
    if (!form || !subject) return [];
    return [{ form, lane: null, subject, duty, prefill: { ...cards.get(subject)?.prefill?.[form.kind], ...answer.prefill } }];
  });
}

/** Every form that can be filled in about a card, whether something is owed or not. */
export function formsAbout(card: Card, forms: Forms): Way[] {
  return forms
    .in(card.area)
    .filter((form) => form.subject.includes(card.type) && form.kind !== "correction")
    .sort((a, b) => a.title.zh_Hans.localeCompare(b.title.zh_Hans, "zh-Hans"))
    .map((form) => ({ form, lane: null, subject: card.subject, duty: null, prefill: card.prefill?.[form.kind] ?? {} }));
}

export function typeOf(subject: string): string {
  return subject.slice(0, subject.indexOf(":"));
}
