// What the server has for this worker: duties, cards and forms. Applied page by page, each with its cursor, so that a
// line that breaks loses nothing and repeats nothing.
import { moment } from "./clock";
import type { Server } from "./server";
import type { Store, Transaction } from "./store";
import type { Form, FormName, Work } from "./wire";

/** Ask until there is no more. */
export async function pull(store: Store, server: Server, heard: (work: Work) => Promise<void>, now: () => Date): Promise<void> {
  for (;;) {
    const work = await server.work((await store.setting("cursor")) ?? "");
    await heard(work);
    await store.write(["duties", "cards", "forms", "settings"], (t) => apply(t, work, moment(now())));
    await fetchForms(store, server, work.forms);
    if (!work.more) break;
  }
}

async function apply(t: Transaction, work: Work, at: string): Promise<void> {
  if (work.reset) {
    t.clear("duties");
    t.clear("cards");
  }
  for (const duty of work.duties) t.put("duties", duty);
  for (const id of work.done) t.remove("duties", id);
  for (const card of work.cards) t.put("cards", card);
  for (const subject of work.gone) t.remove("cards", subject);
  if (work.areas.length) t.set("areas", work.areas.map(({ code, name }) => ({ code, name })));
  t.set("cursor", work.cursor);
  t.set("contact", at);
  t.set("expires_hours", work.expires_after_hours);
  t.remove("settings", "expired");
  if (!work.more) t.set("pulled", at);
}

async function fetchForms(store: Store, server: Server, names: FormName[]): Promise<void> {
  if (!names.length) return;
  const known = new Map((await store.all("forms")).map((form) => [form.kind, form]));
  for (const name of names) {
    if (known.get(name.kind)?.hash === name.hash) continue;
    const got = await server.form(name);
    const form: Form = { ...name, ...got, extra: got.extra ?? {} };
    await store.write(["forms"], (t) => t.put("forms", form));
  }
  const offered = new Set(names.map((name) => name.kind));
  const dropped = [...known.keys()].filter((kind) => !offered.has(kind));
  if (dropped.length) await store.write(["forms"], (t) => dropped.forEach((kind) => t.remove("forms", kind)));
}

/** Whether the personal data here has had no contact with the server for too long. */
export function isExpired(contact: string | undefined, hours: number | undefined, now: Date): boolean {
  return contact !== undefined && now.getTime() - Date.parse(contact) > (hours ?? 72) * 3_600_000;
}

/** Take cards and duties off the phone; own entries and drafts stay. */
export async function wipe(store: Store, now: Date): Promise<void> {
  await store.write(["duties", "cards", "settings"], (t) => {
    t.clear("duties");
    t.clear("cards");
    t.remove("settings", "cursor");
    t.set("expired", moment(now));
  });
}
