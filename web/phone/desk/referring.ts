// The referral of somebody a desk decided to send to a clinic: its form begins with what the pass says.
import type { Kept } from "../store";
import type { Body, Card } from "../wire";
import { referralFrom } from "./pass";

/** What the form begins with if it is a referral opened for a pass of this phone; nothing otherwise. */
export function referralOf(kind: string, pass: string, kept: Kept[], cards: Map<string, Card>): Body {
  const one = kind === "fever_referral" ? kept.find((each) => each.id === pass) : undefined;
  if (!one) return {};
  const body = JSON.parse(one.entry.body) as Body;
  const before = kept.find((each) => each.id === body.again_of);
  const people = before ? ((JSON.parse(before.entry.body) as Body).people as { temperature?: number }[]) : [];
  const first = people.length ? Math.max(...people.map((each) => each.temperature ?? 0)) : null;
  const county = cards.get(one.entry.subject)?.data?.county as string | undefined;
  const fever = Number(cards.get(`desk:${county}`)?.data?.fever_c ?? Infinity);
  return referralFrom(one.id, body, fever, first || null);
}
