// What the screens look at. Everything comes from the store; the network only ever changes the store.
import { shallowReactive } from "vue";

import { Forms } from "./forms";
import { counts, type Counts } from "./outbox";
import type { Draft, Kept, KeptBlob, Settings, Store } from "./store";
import type { Known, Position } from "./today";
import type { Area, Card, Duty, Language, Me } from "./wire";

export type Phase = "opening" | "broken" | "enrol" | "in";
export type Line = "unknown" | "talking" | "well" | "unreachable" | "refused";

export interface State {
  phase: Phase;
  locked: boolean;
  language: Language;
  me: Me | null;
  duties: Duty[];
  cards: Map<string, Card>;
  forms: Forms;
  kept: Kept[];
  drafts: Draft[];
  counts: Counts;
  areas: Area[];
  settings: Partial<Settings>;
  line: Line;
  /** The server's own words when it refused. */
  refusal: string;
  persisted: boolean | null;
  /** Entries that were on this phone and never sent when the browser cleared its store; null if it did not. */
  evicted: number | null;
  here: Position | null;
  updateReady: boolean;
  offlineReady: boolean;
  toast: string;
  now: Date;
}

const NOTHING: Counts = { saved: 0, unsent: 0, sent: 0, applied: 0, held: 0, unsentFiles: 0 };

export const state: State = shallowReactive<State>({
  phase: "opening",
  locked: false,
  language: "zh_Hans",
  me: null,
  duties: [],
  cards: new Map(),
  forms: new Forms(),
  kept: [],
  drafts: [],
  counts: NOTHING,
  areas: [],
  settings: {},
  line: "unknown",
  refusal: "",
  persisted: null,
  evicted: null,
  here: null,
  updateReady: false,
  offlineReady: false,
  toast: "",
  now: new Date(),
});

/** Read the store again. */
export async function reload(store: Store): Promise<void> {
  const read = await store.read(
    ["me", "duties", "cards", "forms", "outbox", "blobs", "drafts", "settings"],
    (t) =>
      Promise.all([
        t.get("me", "device"), t.all("duties"), t.all("cards"), t.all("forms"), t.all("outbox"), t.all("blobs"),
        t.all("drafts"), t.all("settings"),
      ]),
  );
  const [me, duties, cards, forms, kept, blobs, drafts, settings] = read;
  state.me = me ?? null;
  state.duties = duties;
  state.cards = new Map(cards.map((card) => [card.subject, card]));
  state.forms = new Forms(forms);
  state.kept = kept;
  state.drafts = drafts;
  state.counts = counts(kept, blobs as KeptBlob[]);
  state.settings = Object.fromEntries(settings.map((one) => [one.name, one.value])) as Partial<Settings>;
  state.areas = state.settings.areas ?? state.me?.areas ?? [];
}

export function known(): Known {
  return { duties: state.duties, cards: state.cards, kept: state.kept, forms: state.forms, pulled: state.settings.pulled };
}

/** The card of a subject; an area of mine has one even if the server sent none. */
export function cardOf(subject: string): Card | undefined {
  const card = state.cards.get(subject);
  if (card || !subject.startsWith("area:")) return card;
  const code = subject.slice("area:".length);
  const area = [...state.areas, ...(state.me?.areas ?? [])].find((one) => one.code === code);
  if (!area) return undefined;
  return { subject, type: "area", title: area.name, subtitle: "", area: code, area_name: area.name, lines: [] };
}
