import { expect, it } from "vitest";

import cases from "../desk/cases.json";
import { cardNumber } from "../desk/cards";
import { decide, decideVehicle, levelOf, type Known, type Table } from "../desk/decide";

const tables = cases.tables as unknown as Table[];
const asked = cases.cases as unknown as { table: number; known: Known; outcome: string; row: string }[];
const vehicles = cases.vehicles as unknown as { table: number; vehicle: Known; people: Known[]; outcome: string; row: string }[];

it("decides every case as the server does", () => {
  expect(asked.length).toBeGreaterThan(300);
  for (const one of asked) {
    const found = decide(tables[one.table]!, one.known);
    expect([found.outcome, found.row?.name ?? ""], JSON.stringify(one.known)).toEqual([one.outcome, one.row]);
  }
});

it("treats a vehicle as its gravest", () => {
  for (const one of vehicles) {
    const found = decideVehicle(tables[one.table]!, one.vehicle, one.people);
    expect([found.outcome, found.row?.name ?? ""]).toEqual([one.outcome, one.row]);
  }
});

it("knows a place by the longest prefix", () => {
  for (const [code, level] of Object.entries(cases.levels)) expect(levelOf(tables[1]!, code)).toBe(level);
});

it("numbers a card as the server reads it", () => {
  expect(cardNumber("DG03", "2020-01-30", "K7QP", 12)).toBe(cases.card);
});
