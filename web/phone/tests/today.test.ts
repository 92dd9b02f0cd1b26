import { describe as about, expect, it } from "vitest";

import { correction, bodyNow, withdrawal } from "../correct";
import { hottest, waiting } from "../desk/mine";
import { deskFor } from "../desk/rooms";
import { withLane } from "../form/filling";
import { Forms } from "../forms";
import { formsAbout, lanesFor, usual } from "../lanes";
import { pause } from "../loop";
import { record, settle } from "../outbox";
import { read as readRoute, write as writeRoute, type Route } from "../route";
import { answers, distance, stops, tally, type Known } from "../today";
import type { Card, Duty, Form } from "../wire";
import { card, duty, later, phone, T0, visit } from "./fixtures";

function known(duties: Duty[], cards: Card[]): Known {
  return { duties, cards: new Map(cards.map((one) => [one.subject, one])), kept: [], pulled: undefined };
}

const home = (i: number, more: Partial<Card> = {}) => card(`household:${i}`, `户主${i}`, { subtitle: `${i}号`, ...more });

about("today", () => {
  it("puts the overdue first, then the nearest, then door by door", () => {
    const all = known(
      [duty("a", "household:10", 60), duty("b", "household:2", 60), duty("c", "household:3", -60), duty("d", "household:4", 60)],
      [home(10), home(2), home(3), home(4, { position: [32.0, 109.0] })],
    );
    expect(stops(all, "household", T0, null).map((stop) => stop.subject)).toEqual(["household:3", "household:2", "household:4", "household:10"]);
    const near = stops(all, "household", T0, [32.001, 109.0]);
    expect(near.map((stop) => stop.subject)).toEqual(["household:3", "household:4", "household:2", "household:10"]);
    expect(near[1]?.metres).toBe(111);
  });

  it("puts what is due first before what is near, and what must be done at once on top with its minutes", () => {
    const at = (metres: number) => ({ position: [32.0 + metres / 111_195, 109.0] as [number, number] });
    const known_ = known(
      [
        duty("near", "household:1", 600), duty("soon", "household:2", 55), duty("alike", "household:3", 50), duty("late", "household:4", -30),
        duty("later", "household:5", -3000), duty("fever", "household:6", 25, { opens_at: later(-5).toISOString() }),
        duty("missed fever", "household:7", -10, { opens_at: later(-40).toISOString() }),
      ],
      [home(1, at(0)), home(2, at(300)), home(3, at(500)), home(4, at(5)), home(5, at(9000)), home(6, at(8000)), home(7, at(9999))],
    );
    const order = stops(known_, "household", T0, [32.0, 109.0]).map((stop) => stop.owed[0]!.duty.id);
    expect(order).toEqual(["missed fever", "fever", "later", "late", "soon", "alike", "near"]);
    expect(stops(known_, "household", T0, null).map((stop) => stop.turn[0])).toEqual([0, 0, 1, 1, 2, 2, 2]);
  });

  it("brings a household and its members to one door", () => {
    const all = known(
      [duty("p", "person:1", -5), duty("h", "household:1", 60), duty("x", "area:610927100201000100", 5)],
      [home(1, { members: ["person:1"] }), card("person:1", "张*明", { household: "household:1" })],
    );
    const [door] = stops(all, "household", T0, null);
    expect([door?.subject, door?.when, door?.owed.length]).toEqual(["household:1", "overdue", 2]);
    expect(stops(all, "person", T0, null).map((stop) => stop.subject)).toEqual(["person:1"]);
    expect(stops(all, "post", T0, null).map((stop) => stop.subject)).toEqual(["area:610927100201000100"]);
    expect(tally(all, T0)).toEqual({ household: 1, person: 1, post: 1 });
  });

  it("does not ask again for what is written here and not answered yet", async () => {
    const { store, sync, contract, clock } = await phone();
    contract.work = [{ duties: [duty("a", "household:1", 5)], cards: [home(1)] }];
    await sync.run();
    await record(store, visit(1), later(1));
    const look = async (): Promise<Known> => ({
      ...known(await store.all("duties"), await store.all("cards")), kept: await store.all("outbox"), pulled: await store.setting("pulled"),
    });
    expect(stops(await look(), "household", T0, null)[0]?.recorded).toBe(true);
    clock.now = later(2);
    await sync.run(); // the server has it, and still says it is owed
    expect(stops(await look(), "household", T0, null)[0]?.recorded).toBe(false);
  });

  it("goes on owing a door where nobody was home, and a person who was out", async () => {
    const { store } = await phone();
    const settles = [
      { duty: "sweep.household", field: "outcome", values: ["at_home"] },
      { duty: "sweep.person", field: "presence", values: ["present"], each: "members", subject: "person" },
    ];
    const form = { kind: "household_visit", version: 1, hash: "1", title: { zh_Hans: "", en: "" }, subject: ["household"], xform: "", extra: { settles } };
    const one = (id: string, i: number) => duty(id, `person:${i}`, 60, { name: "sweep.person" });
    const all = known([duty("a", "household:1", 60), one("p", 1), one("q", 2)], [home(1, { members: ["person:1", "person:2"] }), ...[1, 2].map((i) => card(`person:${i}`, "", { household: "household:1" }))]);
    const look = async () => stops({ ...all, kept: await store.all("outbox"), forms: new Forms([form]) }, "household", T0, null)
      .flatMap((stop) => stop.owed.map((each) => [each.duty.id, each.recorded, each.tried]));
    await record(store, visit(1, { body: { outcome: "unreachable" } }), later(1));
    expect(await look()).toContainEqual(["a", false, true]);
    const members = [{ person: "person:1", presence: "present" }, { person: "person:2", presence: "out_today" }];
    await record(store, visit(1, { body: { outcome: "at_home", members } }), later(2));
    expect((await look()).sort()).toEqual([["a", true, false], ["p", true, false], ["q", false, true]]);
  });

  it("leaves out what is closed and puts what is not open yet behind", () => {
    const all = known(
      [duty("a", "household:1", 60, { closes_at: later(-1).toISOString() }), duty("b", "household:2", 60, { opens_at: later(30).toISOString() })],
      [home(1), home(2)],
    );
    expect(stops(all, "household", T0, null).map((stop) => [stop.subject, stop.when])).toEqual([["household:2", "later"]]);
  });

  it("finds by name, door, or a member's name", () => {
    const cards = new Map([home(12, { members: ["person:1"], phone_masked: "138****5678" }), card("person:1", "卫*霞")].map((one) => [one.subject, one]));
    const one = cards.get("household:12");
    for (const search of ["", "户主", "12号 户主", "卫", "5678"]) expect(answers(one, cards, search), search).toBe(true);
    expect(answers(one, cards, "13号")).toBe(false);
    expect(distance([0, 0], [0, 1])).toBe(111_195);
  });

  it("draws a village of 500 households at once", () => {
    const duties = Array.from({ length: 2500 }, (_, i) => duty(`d${i}`, `household:${i % 500}`, i));
    const all = known(duties, Array.from({ length: 500 }, (_, i) => home(i)));
    const began = performance.now();
    expect(stops(all, "household", T0, [32, 109]).length).toBe(500);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

const form = (kind: string, subject: string[], lanes: string[] = []): Form => ({
  kind, version: 1, hash: "h", title: { zh_Hans: kind, en: kind }, subject, xform: "",
  extra: { lanes: lanes.map((name) => ({ name, title: { zh_Hans: name, en: name }, asks: [], fill: {} })) },
});
const forms = new Forms([form("household_visit", ["household"], ["all_well", "nobody_home"]), form("correction", ["household"])]);

about("ways", () => {
  it("lead to the usual form, filled in with what is known, the duty's word over the card's", () => {
    const owed = duty("a", "household:1", 5, { answers: [{ kind: "household_visit", prefill: { look_back_date: "2020-01-10" } }] });
    const about = home(1, { prefill: { household_visit: { look_back_date: "2020-01-01", members: [{ name: "张*明" }] } } });
    const cards = new Map([about, card("person:1", "张*明", { household: "household:1" })].map((one) => [one.subject, one]));
    expect(usual(owed, cards, forms)?.prefill).toEqual({ look_back_date: "2020-01-10", members: [{ name: "张*明" }] });
    expect(lanesFor([owed, owed], cards, forms).map((way) => way.lane?.name)).toEqual(["all_well", "nobody_home"]);
    expect(usual(duty("b", "person:1", 5), cards, forms)?.subject).toBe("household:1");
    expect(lanesFor([duty("b", "person:2", 5)], cards, forms)).toEqual([]);
    expect(formsAbout(about, forms).map((way) => way.form.kind)).toEqual(["household_visit"]);
    expect(usual(duty("c", "household:1", 5, { answers: [{ kind: "unknown", prefill: {} }] }), cards, forms)).toBeNull();
  });

  it("offer no fast way where nobody lives, and say of others what the record leaves open", () => {
    const owed = duty("a", "household:1", 5);
    const lanes = { household_visit: { all_well: { never: "vacant" } } };
    const cards = new Map([["household:1", home(1, { lanes })]]);
    expect(lanesFor([owed], cards, forms).map((way) => way.lane?.name)).toEqual(["nobody_home"]);
    const open: [string, string][] = [["members.returned", "person:1"]];
    const fill = { lane: "all_well", outcome: "at_home", "members.returned": "no", "members.symptoms": ["none"] };
    expect(withLane({ members: [{ person: "person:1" }, { person: "person:2" }] }, fill, open)).toEqual({
      lane: "all_well members.returned", outcome: "at_home",
      members: [{ person: "person:1", symptoms: ["none"] }, { person: "person:2", returned: "no", symptoms: ["none"] }],
    });
  });

  it("lead to the form of the county the household lies in, and to a county's own form only there", () => {
    const range = (code: string): [string, string] => [code.padEnd(18, "0"), code.padEnd(18, "9")];
    const all = new Forms([
      form("household_visit", ["household"]),
      { ...form("household_visit", ["household"]), hash: "other", where: [range("610928"), range("610929")] },
      { ...form("own_610928_door", ["household"]), hash: "own", where: [range("610928")] },
    ]);
    const at = (area: string) => formsAbout(home(1, { area }), all).map((way) => way.form.hash);
    expect(at("610927100201")).toEqual(["h"]);
    expect(at("610928100201000100")).toEqual(["other", "own"]);
    expect(at("610929100201")).toEqual(["other"]);
    expect(usual(duty("a", "household:1", 5, { area: "610928100201" }), new Map(), all)?.form.hash).toBe("other");
    expect(usual(duty("a", "household:1", 5, { area: "610927100201" }), new Map(), all)?.form.hash).toBe("h");
  });

  it("of who waits at a post lead to its desk, and are done there", async () => {
    const { store } = await phone();
    const owed = duty("a", "entry:h1", 30, { name: "pass.remeasure", answers: [{ kind: "vehicle_pass", prefill: {} }] });
    const held = { id: "h1", at: T0.toISOString(), due_at: later(60).toISOString(), by: "秦岭", body: { plate: "陕A77889", people: [{ temperature: 37.6 }] } };
    const cards = new Map([card("post:p", "关垭", { data: { held: [held] } })].map((one) => [one.subject, one]));
    expect(deskFor("entry:h1", cards)).toBe("post:p");
    expect(deskFor("entry:h2", cards)).toBeUndefined();
    const look = async (pulled = "") => ({ owed: stops({ duties: [owed], cards, kept: await store.all("outbox"), pulled: undefined }, "post", T0, null)[0]!.recorded, waits: waiting(await store.all("outbox"), "post:p", [held], pulled).map((one) => [one.id, one.by, hottest(one.body)]) });
    expect(await look()).toEqual({ owed: false, waits: [["h1", "秦岭", 37.6]] });
    const own = await record(store, visit(1, { kind: "vehicle_pass", subject: "post:p", happened_at: later(1), body: { decision: "hold", plate: "鄂A1" } }), later(1));
    expect((await look()).waits.map(([id]) => id)).toEqual(["h1", own.id]);
    await record(store, visit(2, { kind: "vehicle_pass", subject: "post:p", body: { decision: "pass", again_of: "h1" } }), later(2));
    expect(await look()).toEqual({ owed: true, waits: [[own.id, undefined, null]] });
    // The list came after the server had my hold, and does not name it any more: another phone has finished it.
    await settle(store, [{ id: own.id, seq: own.seq, outcome: "applied", reason: "" }], 0, later(3));
    expect((await look(later(2).toISOString())).waits.length).toBe(1);
    expect((await look(later(4).toISOString())).waits).toEqual([]);
  });

  it("can be written into the address and read again", () => {
    const routes: Route[] = [
      { name: "today" }, { name: "card", subject: "household:0190-a/b" }, { name: "entry", seq: 12 },
      { name: "form", kind: "household_visit", subject: "household:1", duty: "d/1", lane: "all_well", amends: null },
      { name: "form", kind: "household_visit", subject: "household:1", duty: "", lane: "", amends: 7 },
    ];
    for (const route of routes) expect(readRoute(writeRoute(route))).toEqual(route);
    expect(readRoute("#/nonsense")).toEqual({ name: "today" });
  });
});

about("putting right", () => {
  it("writes a new entry that names the old one; the last one stands", async () => {
    const { store } = await phone();
    const one = await record(store, visit(1), T0);
    await record(store, { ...correction(one, undefined, { outcome: "away" }, null, "看错了", T0, 0), attachments: [], draft: null }, later(1));
    let kept = await store.all("outbox");
    expect([kept[1]?.entry.kind, kept[1]?.entry.amends, kept[1]?.entry.subject]).toEqual(["correction", one.id, "household:1"]);
    expect(JSON.parse(kept[1]!.entry.body)).toEqual({ body: { outcome: "away" }, reason: "看错了" });
    expect(bodyNow(one, kept)).toEqual({ outcome: "away" });
    await record(store, { ...withdrawal(one, undefined, "重复", T0), attachments: [], draft: null }, later(2));
    kept = await store.all("outbox");
    expect(JSON.parse(kept[2]!.entry.body)).toEqual({ withdrawn: true, reason: "重复" });
    expect(bodyNow(one, kept)).toBeNull();
  });
});

about("the loop", () => {
  it("waits longer after each failure, never all phones at once", () => {
    expect([0, 1, 2, 3, 20].map((failures) => pause(failures, 0.5))).toEqual([300_000, 4000, 8000, 16_000, 60_000]);
    expect(pause(1, 0)).toBeLessThan(pause(1, 0.99));
  });
});
