import { describe as about, expect, it } from "vitest";

import { type Board, colour, describe, readBoard, summary } from "./board";
import { bars, echarts, target, treemap } from "./chart";

const board: Board = readBoard({
  lang: "zh-hans",
  unit: "户",
  asOf: "截至 2020-02-03 18:00",
  areas: [
    { code: "610927100000", name: "城关镇", owed: 120, done: 119, overdue: 1, href: "/board/610927100000/" },
    { code: "610927101000", name: "曾家镇", owed: 40, done: 40, overdue: 0, href: "/board/610927101000/" },
    { code: "610927102000", name: "牛头店镇", owed: 0, done: 0, overdue: 0 },
  ],
});

function drawn(option: ReturnType<typeof treemap>): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 800, height: 400 });
  chart.setOption(option);
  return chart.renderToSVGString();
}

about("what the board sends", () => {
  it("names the field that is wrong", () => {
    expect(() => readBoard({ areas: [{ code: "1", name: "城关镇", owed: -1, done: 0, overdue: 0 }] })).toThrow("owed of 城关镇");
    expect(() => readBoard({ areas: "none" })).toThrow("areas");
    expect(() => readBoard(null)).toThrow("object");
  });

  it("follows only addresses of this site", () => {
    for (const href of ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]) {
      const read = readBoard({ areas: [{ code: "1", name: "城关镇", owed: 1, done: 0, overdue: 0, href }] });
      expect(read.areas[0]).not.toHaveProperty("href");
    }
  });
});

about("what is said", () => {
  it("never shows the colour of complete for one missing door in a thousand", () => {
    expect(colour(999, 1000)).not.toBe(colour(1000, 1000));
    expect(colour(0, 0)).not.toBe(colour(1, 1));
  });

  it("writes the number, the unit and what is missing", () => {
    expect(describe(board.areas[0]!, board)).toBe("城关镇 119/120户，还差1，已逾期1");
    expect(describe(board.areas[0]!, { ...board, lang: "en", unit: "households" })).toBe(
      "城关镇 119/120 households, missing 1, overdue 1",
    );
    expect(describe(board.areas[2]!, board)).toContain("没有应办事项");
  });

  it("tells a screen reader the worst first, with the cut-off time", () => {
    expect(summary(board, 1)).toBe("各地完成情况，大小为应办数；截至 2020-02-03 18:00；城关镇 119/120户，还差1，已逾期1");
  });
});

about("the picture", () => {
  it("draws a box with name and count for each area that owes anything", () => {
    const svg = drawn(treemap(board));
    expect(svg).toContain("城关镇");
    expect(svg).toContain("119/120");
    expect(svg).not.toContain("牛头店镇");
  });

  it("draws bars for a narrow screen, every area named", () => {
    const svg = drawn(bars(board));
    for (const area of board.areas) expect(svg).toContain(area.name);
  });

  it("leads to the area that was clicked", () => {
    expect(target({ data: { area: board.areas[0] } })).toBe("/board/610927100000/");
    expect(target({ data: { area: board.areas[2] } })).toBeUndefined();
    expect(target({})).toBeUndefined();
  });
});
