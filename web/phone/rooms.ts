// The rooms of the app beyond its own screens, each in a folder. What a room must be known for stands here and nowhere else.
import type { Component } from "vue";

import { desk } from "./desk/rooms";
import type { Draft, Kept } from "./store";
import type { Body, Card } from "./wire";
import type { Key } from "./words";

type Cards = Map<string, Card>;

export interface Room {
  /** The first part of its address; the second is the subject it is given. */
  name: string;
  /** Read only when it is opened: a village worker's phone need not have it. */
  view: Component;
  /** Nothing is put in the way: no notices, no tabs. */
  busy?: boolean;
  /** Cards of this type are opened here, and offered on top of Today with the word before their name. */
  cards?: { type: string; word: Key };
  /** Whose place in this room it is to do what is owed of the subject; and the word for it. */
  place?: { of: (subject: string, cards: Cards) => string | undefined; word: Key };
  /** What a form opened from this room begins with; nothing if it was not opened from here. */
  prefill?: (kind: string, from: string, kept: Kept[], cards: Cards) => Body;
  /** Done when the app has started. */
  begin?: (drafts: readonly Draft[]) => void;
}

export const rooms: readonly Room[] = [...desk];

export function roomOf(name: string): Room | undefined {
  return rooms.find((room) => room.name === name);
}

/** The room in which the subject's card is opened, if it has one. */
export function roomFor(subject: string): Room | undefined {
  return rooms.find((room) => room.cards && subject.startsWith(`${room.cards.type}:`));
}

/** Where what is owed of the subject is done, if not by a form. */
export function placeFor(subject: string, cards: Cards): { room: string; subject: string; word: Key } | undefined {
  for (const { name, place } of rooms) {
    const found = place?.of(subject, cards);
    if (place && found) return { room: name, subject: found, word: place.word };
  }
  return undefined;
}

/** What a form begins with because of where it was opened from. */
export function prefillFrom(kind: string, from: string, kept: Kept[], cards: Cards): Body {
  return Object.assign({}, ...rooms.map((room) => room.prefill?.(kind, from, kept, cards) ?? {})) as Body;
}
