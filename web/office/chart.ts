// The picture itself. ECharts is taken in by parts: treemap, bars and the SVG renderer are all the office draws.

import { BarChart, TreemapChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import type { EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { type Area, type Board, colour, describe, ink } from "./board";

echarts.use([TreemapChart, BarChart, GridComponent, TooltipComponent, SVGRenderer]);

export { echarts };

interface Clicked {
  data?: unknown;
}

/** Return where a click on the chart leads, if anywhere. */
export function target(event: Clicked): string | undefined {
  const data = event.data as { area?: Area } | undefined;
  return data?.area?.href;
}

const LABEL = { fontSize: 13, lineHeight: 18 };
// The page's content policy forbids style attributes, so the tooltip is drawn, not written as HTML.
const TOOLTIP = { renderMode: "richText", confine: true } as const;

export function treemap(board: Board): EChartsCoreOption {
  const owing = board.areas.filter((area) => area.owed > 0);
  return {
    animation: false,
    tooltip: { ...TOOLTIP, formatter: ({ data }: { data: { area?: Area } }) => (data.area ? describe(data.area, board) : "") },
    series: [
      {
        type: "treemap",
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        left: 0,
        top: 0,
        right: 0,
        bottom: 0,
        itemStyle: { borderColor: "#fff", borderWidth: 1, gapWidth: 1 },
        label: { ...LABEL, formatter: ({ data }: { data: { area?: Area } }) => (data.area ? inside(data.area) : "") },
        data: owing.map((area) => ({
          name: area.name,
          value: area.owed,
          area,
          itemStyle: { color: colour(area.done, area.owed) },
          label: { color: ink(area.done, area.owed) },
          cursor: area.href ? "pointer" : "default",
        })),
      },
    ],
  };
}

function inside(area: Area): string {
  return `${area.name}\n${area.done}/${area.owed}`;
}

/** Horizontal bars, one an area: for narrow screens, where a treemap's boxes cannot hold their names. */
export function bars(board: Board): EChartsCoreOption {
  const areas = [...board.areas].reverse(); // ECharts counts from the bottom
  const part = (value: (area: Area) => number, color: (area: Area) => string) => ({
    type: "bar",
    stack: "owed",
    barMaxWidth: 22,
    data: areas.map((area) => ({ value: value(area), area, itemStyle: { color: color(area) } })),
  });
  return {
    animation: false,
    tooltip: { ...TOOLTIP, formatter: ({ data }: { data: { area?: Area } }) => (data.area ? describe(data.area, board) : "") },
    grid: { left: 8, right: 16, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: { type: "category", data: areas.map((area) => area.name), axisTick: { show: false } },
    series: [
      part((area) => area.done, (area) => colour(area.done, area.owed)),
      part((area) => area.owed - area.done, () => "#d9dce1"),
    ],
  };
}
