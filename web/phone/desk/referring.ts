// The referral of somebody a desk decided to send to a clinic: its form begins with what the pass says.
import type { Kept } from "../store";
import type { Body, Card } from "../wire";
import { hottest } from "./mine";
import { referralFrom } from "./pass";
import type { PostData } from "./post";

/** What the form begins with if it is a referral opened for a pass of this phone; nothing otherwise. */
export function referralOf(kind: string, pass: string, kept: Kept[], cards: Map<string, Card>): Body {
  const one = kind === "fever_referral" ? kept.find((each) => each.id === pass) : undefined;
  if (!one) return {};
  const body = JSON.parse(one.entry.body) as Body;
  const before = kept.find((each) => each.id === body.again_of);
  const post = cards.get(one.entry.subject)?.data as unknown as PostData | undefined;
  const listed = post?.held?.find((each) => each.id === body.again_of); // measured first at another phone of the post
  const first = before ? hottest(JSON.parse(before.entry.body) as Body) : listed ? hottest(listed.body) : null;
  const county = post?.county;
  const fever = Number(cards.get(`desk:${county}`)?.data?.fever_c ?? Infinity);
  return referralFrom(one.id, body, fever, first || null);
}
