import "fake-indexeddb/auto";

import { begin, poll } from "../enrol";
import type { Fresh } from "../outbox";
import { Server } from "../server";
import { Store } from "../store";
import { Sync } from "../sync";
import type { Card, Duty } from "../wire";
import { Contract } from "./contract";

let number = 0;

export const T0 = new Date("2020-02-03T00:00:00.000Z");
export const later = (minutes: number) => new Date(T0.getTime() + minutes * 60_000);

/** A phone of its own with a server of its own. */
export async function phone(enrolled = true) {
  const contract = new Contract();
  const server = new Server("/field/v1", contract.fetch);
  const name = `phone-${number++}`;
  const store = await Store.open(name);
  const clock = { now: T0 };
  const sync = new Sync(store, server, () => clock.now);
  if (enrolled) {
    await begin(store, server, "token-1", "Pixel");
    contract.state = "active";
    await poll(store, server);
  }
  return { contract, server, store, sync, clock, name };
}

export function visit(i = 1, more: Partial<Fresh> = {}): Fresh {
  return {
    kind: "household_visit", version: 1, subject: `household:${i}`, area: "610927100201000100", happened_at: T0,
    body: { outcome: "at_home" }, amends: null, title: `${i}号`, duty: null, attachments: [], draft: null, ...more,
  };
}

export function duty(id: string, subject: string, dueMinutes: number, more: Partial<Duty> = {}): Duty {
  return {
    id, name: "sweep.household", title: { zh_Hans: "入户", en: "Visit" }, subject, area: "610927100201000100",
    opens_at: later(-6000).toISOString(), due_at: later(dueMinutes).toISOString(), closes_at: null,
    answers: [{ kind: "household_visit", prefill: {} }], ...more,
  };
}

export function card(subject: string, title: string, more: Partial<Card> = {}): Card {
  return {
    subject, type: subject.split(":")[0]!, title, subtitle: "", area: "610927100201000100", area_name: "一组", lines: [], ...more,
  };
}
