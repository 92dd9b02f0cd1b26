// Putting an own record right: a new entry that names the one it corrects. Both stay.
import { byServer } from "./clock";
import type { Fresh } from "./outbox";
import type { Kept } from "./store";
import type { Body, Form } from "./wire";

const VERSION = 1; // of the kind `correction`, when its form is not on the phone

type Amending = Omit<Fresh, "attachments" | "draft">;

/** The body of an own record as the last of its corrections on this phone left it; null once withdrawn. */
export function bodyNow(one: Kept, kept: Kept[]): Body | null {
  let body: Body | null = JSON.parse(one.entry.body) as Body;
  for (const other of correctionsOf(one, kept)) {
    const said = JSON.parse(other.entry.body) as { withdrawn?: boolean; body?: Body };
    body = said.withdrawn ? null : (said.body ?? body);
  }
  return body;
}

export function correctionsOf(one: Kept, kept: Kept[]): Kept[] {
  return kept.filter((other) => other.entry.amends === one.id).sort((a, b) => a.seq - b.seq);
}

export function correction(one: Kept, form: Form | undefined, body: Body, happenedAt: Date | null, reason: string, now: Date, aheadMs: number): Amending {
  const said: Body = { body, reason };
  if (happenedAt) said.happened_at = byServer(happenedAt, aheadMs).toISOString(); // the server reads no clock in a body
  return amending(one, form, said, now);
}

export function withdrawal(one: Kept, form: Form | undefined, reason: string, now: Date): Amending {
  return amending(one, form, { withdrawn: true, reason }, now);
}

function amending(one: Kept, form: Form | undefined, body: Body, now: Date): Amending {
  return {
    kind: "correction",
    version: form?.version ?? VERSION,
    subject: one.entry.subject,
    area: one.entry.area,
    happened_at: now,
    body,
    amends: one.id,
    title: one.title,
    duty: null,
  };
}
