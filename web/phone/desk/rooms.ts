// The rooms of a post: who stands there, the desk where vehicles are decided on, and the counter of a rush.
import { defineAsyncComponent } from "vue";

import type { Room } from "../rooms";
import type { Card } from "../wire";
import { referralOf } from "./referring";

/** The post at whose desk something is to be done: somebody waits there to be measured again. */
export function deskFor(subject: string, cards: Map<string, Card>): string | undefined {
  if (!subject.startsWith("entry:")) return undefined;
  const waits = (card: Card) => ((card.data?.held as { id: string }[] | undefined) ?? []).some((one) => `entry:${one.id}` === subject);
  return [...cards.values()].find((card) => card.type === "post" && waits(card))?.subject;
}

export const desk: Room[] = [
  {
    name: "post",
    view: defineAsyncComponent(() => import("./PostView.vue")),
    cards: { type: "post", word: "desk.post" },
  },
  {
    name: "desk",
    view: defineAsyncComponent(() => import("./DeskView.vue")),
    busy: true,
    place: { of: deskFor, word: "desk.measure_again" },
    prefill: referralOf,
  },
  {
    name: "counter",
    view: defineAsyncComponent(() => import("./CounterView.vue")),
    busy: true,
    // What was counted when the app was closed is written down.
    begin: (drafts) => {
      if (drafts.some((one) => one.kind === "pass_tally")) void import("./desk").then((counter) => counter.flushAll());
    },
  },
];
