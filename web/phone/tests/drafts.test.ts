import { describe as about, expect, it } from "vitest";

import { begun, draftId, halfFilled, laneOf } from "../drafts";
import type { Draft } from "../store";

function draft(id: string, kind: string, at: string, amends: string | null = null): Draft {
  return { id, kind, subject: "household:1", amends, body: {}, photos: [], paper: null, at };
}

about("half-filled forms", () => {
  const whole = draft(draftId("household_visit", "household:1", "", null), "household_visit", "2020-02-11T07:00:00.000Z");
  const quick = draft(draftId("household_visit", "household:1", "well", null), "household_visit", "2020-02-11T07:02:00.000Z");
  const fix = draft(draftId("household_visit", "household:1", "", "e1"), "household_visit", "2020-02-11T07:01:00.000Z", "e1");
  const desk = draft("desk household:1", "pass_tally", "2020-02-11T07:03:00.000Z");

  it("are listed latest first, without what the desk keeps", () => {
    expect(halfFilled([whole, desk, quick, fix])).toEqual([quick, fix, whole]);
    expect([whole, quick, fix].map(laneOf)).toEqual(["", "well", ""]);
  });

  it("mark the way they were begun on, and no other", () => {
    expect(begun([quick], "household_visit", "household:1", "well")).toBe("✎ ");
    expect(begun([quick], "household_visit", "household:1")).toBe("");
  });
});
