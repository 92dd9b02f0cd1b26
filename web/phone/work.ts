// What the server has for this worker: duties, cards and forms. Applied page by page, each with its cursor, so that a
// line that breaks loses nothing and repeats nothing.
import { moment } from "./clock";
import { Refused, type Server } from "./server";
import type { Store, Transaction } from "./store";
import type { Form, FormName, Work } from "./wire";

/** Ask until there is no more. */
export async function pull(store: Store, server: Server, heard: (work: Work, asked: Date) => Promise<void>, now: () => Date): Promise<void> {
  for (;;) {
    const [cursor, asked] = [(await store.setting("cursor")) ?? "", now()];
    const work = await server.work(cursor);
    await heard(work, asked);
    await store.write(["duties", "cards", "forms", "settings"], (t) => apply(t, work, moment(now())));
    if (!work.more) break;
  }
  await fetchForms(store, server);
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
  if (work.forms.length) t.set("form_names", work.forms); // fetched later, perhaps in another conversation
  if (work.notice) t.set("server_notice", work.notice);
  else t.remove("settings", "server_notice");
  if (work.areas.length) t.set("areas", work.areas.map(({ code, name }) => ({ code, name })));
  t.set("cursor", work.cursor);
  t.set("contact", at);
  t.set("expires_hours", work.expires_after_hours);
  t.remove("settings", "expired");
  if (!work.more) t.set("pulled", at);
}

async function fetchForms(store: Store, server: Server): Promise<void> {
  const names = (await store.setting("form_names")) ?? [];
  const known = new Map((await store.all("forms")).map((form) => [form.hash, form]));
  for (const name of names) {
    const had = known.get(name.hash);
    if (had && JSON.stringify(had.where ?? []) === JSON.stringify(name.where ?? [])) continue;
    const got = had ?? (await form(server, name));
    if (got) await store.write(["forms"], (t) => t.put("forms", { ...got, ...name, extra: got.extra ?? {} }));
  }
  const offered = new Set(names.map((name) => name.hash));
  const dropped = [...known.keys()].filter((hash) => !offered.has(hash));
  if (dropped.length) await store.write(["forms"], (t) => dropped.forEach((hash) => t.remove("forms", hash)));
}

/** A form, or null if another version has taken its place meanwhile: the next work list names that one. */
async function form(server: Server, name: FormName): Promise<Form | null> {
  try {
    return await server.form(name);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
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
