// @vitest-environment jsdom
/** Between the engine's tree and the ledger's JSON, there and back. */
import { beforeAll, describe, expect, it } from "vitest";

import { bodyOf, emptyUnsaid, Memory, setValue } from "../body";
import { keyOf, leaves, type LeafNode, nameOf, openForm, type RootNode } from "../engine";
import { filled, textOf, withLane } from "../filling";
import { undrawable } from "../undrawable";
import { loadAsInABrowser } from "./browser";
import { VISIT } from "./visit";

beforeAll(loadAsInABrowser, 60_000);

const MEMBERS = [
  { person: "person:1", name: "安娜", presence: "present", temperature: 36.5, symptoms: ["none"] },
  { person: "person:2", name: "柏立", presence: "away", away_where: "浙江温州" },
];
const WHOLE = {
  outcome: "at_home", since: "2020-01-08", members: MEMBERS, seen: "2020-02-03T10:30:00.000+08:00",
  place: "31.88 109.52 900.0 5.0", heads: 2, sure: true, note: "安好",
};

async function opened(said: Record<string, unknown>, whole = true): Promise<RootNode> {
  const root = await openForm(filled(VISIT, { said, whole }));
  if (whole) emptyUnsaid(root, said);
  return root;
}

function node(root: RootNode, name: string, row = 0): LeafNode {
  return [...leaves(root)].filter((each) => nameOf(each) === name)[row]!;
}

describe("a body", () => {
  it("comes back as it went in, with what is worked out", async () => {
    const said = bodyOf(await opened(WHOLE));
    const rows = [{ ...MEMBERS[0], found: "1" }, { ...MEMBERS[1], found: "0" }];
    expect(said).toEqual({ ...WHOLE, members: rows, found_count: "1" });
  });

  it("leaves out what is not relevant", async () => {
    const said = bodyOf(await opened({ ...WHOLE, outcome: "refused" }));
    expect(Object.keys(said).sort()).toEqual(["found_count", "heads", "note", "outcome", "place", "seen", "sure"]);
  });

  it("begins with the form's defaults, and without rows nobody gave", async () => {
    const root = await opened({ outcome: "at_home" }, false);
    expect(bodyOf(root)).toEqual({ outcome: "at_home", since: "2020-01-01", heads: 3, found_count: "0" });
  });

  it("does not put a default where an entry left a question open", async () => {
    expect(bodyOf(await opened({ outcome: "at_home" }))).toEqual({ outcome: "at_home", found_count: "0" });
  });

  it("keeps a default for what becomes relevant only now", async () => {
    const root = await opened({ outcome: "refused" });
    setValue(node(root, "outcome"), "at_home");
    expect(bodyOf(root)["since"]).toBe("2020-01-01");
  });
});

it("reads a moment as the office writes it", async () => {
  const said = bodyOf(await opened({ outcome: "refused", seen: "2020-02-03T10:30" }));
  expect(new Date(String(said["seen"])).toISOString()).toBe("2020-02-03T02:30:00.000Z");
});

describe("a draft", () => {
  it("remembers what is not relevant just now", async () => {
    const root = await opened(WHOLE);
    const memory = new Memory();
    memory.recall(root, WHOLE);
    setValue(node(root, "outcome"), "refused");
    const draft = memory.draftOf(root, new Map());
    const again = await opened(draft);
    setValue(node(again, "outcome"), "at_home");
    expect(bodyOf(again)).toEqual(bodyOf(await opened(WHOLE)));
  });

  it("remembers what was emptied", async () => {
    const root = await opened(WHOLE);
    const memory = new Memory();
    memory.recall(root, WHOLE);
    setValue(node(root, "heads"), null);
    const draft = memory.draftOf(root, new Map());
    expect(draft["heads"]).toBeNull();
    expect("heads" in bodyOf(await opened(draft))).toBe(false);
  });

  it("keeps rows that are added, and only those", async () => {
    const root = await opened(WHOLE);
    const rows = root.currentState.children.find((each) => nameOf(each) === "members");
    if (rows?.nodeType !== "repeat-range:uncontrolled") throw new Error("no rows");
    rows.addInstances(1, 1);
    setValue(node(root, "name", 2), "巴科");
    rows.removeInstances(0, 1);
    const names = (bodyOf(root)["members"] as { name: string }[]).map((row) => row.name);
    expect(names).toEqual(["柏立", "巴科"]);
  });
});

describe("a lane", () => {
  it("fills in every row", () => {
    const said = withLane({ members: [{ name: "安娜" }, { name: "柏立" }] }, { outcome: "at_home", "members.presence": "present" });
    expect(said).toEqual({
      outcome: "at_home",
      members: [{ name: "安娜", presence: "present" }, { name: "柏立", presence: "present" }],
    });
  });
});

describe("what is wrong", () => {
  it("is told by the engine, question by question", async () => {
    const root = await opened({ outcome: "at_home", members: [{ name: "安娜", presence: "present", temperature: 63 }] });
    const wrong = [...leaves(root)].filter((each) => each.validationState.violation);
    expect(wrong.map((each) => [keyOf(each), each.validationState.violation?.condition])).toEqual([
      ["since", "required"],
      ["members.temperature", "constraint"],
    ]);
  });
});

describe("what cannot be drawn", () => {
  it("is nothing of a visit", () => expect(undrawable(VISIT)).toEqual([]));

  it("is named with its question", () => {
    const line = VISIT.replace('nodeset="/data/more/place" type="geopoint"', 'nodeset="/data/more/place" type="geotrace"');
    expect(undrawable(line)).toEqual(["/data/more/place: geotrace"]);
    expect(undrawable(VISIT.replace("count-selected(", "frobnicate("))).toEqual(["/data/members/symptoms: function frobnicate"]);
  });
});

it("writes answers as an XForm does", () => {
  expect([textOf(true), textOf(["a", "b"]), textOf(36.5), textOf(null)]).toEqual(["OK", "a b", "36.5", ""]);
});
