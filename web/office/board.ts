// What the board sends, and how it becomes a chart. No DOM here, so it is tested without a browser.

export interface Area {
  code: string; // 12 digits, or 18 below the village
  name: string;
  owed: number; // duties due: the denominator
  done: number; // met, met late or waived
  overdue: number;
  href?: string; // where a click goes: the board of this area, or its missing list
}

export interface Board {
  lang: "zh-hans" | "en";
  unit: string; // 户, 人, 人次…: a count never stands without it
  asOf: string; // "截至…", already written for people
  areas: Area[];
}

const WORDS = {
  "zh-hans": { done: "已完成", missing: "还差", overdue: "已逾期", none: "没有应办事项", chart: "各地完成情况，大小为应办数" },
  en: { done: "done", missing: "missing", overdue: "overdue", none: "nothing is owed", chart: "Coverage by area; size is what is owed" },
} as const;

// Five steps from "all missing" to "complete". Chosen to differ in lightness, so they differ on a grey print as well.
const STEPS = ["#7a1f2b", "#b3552f", "#c9952c", "#5f8f6b", "#1f5f4a"] as const;
const NOTHING_OWED = "#8a8f98";

export function words(lang: Board["lang"]): (typeof WORDS)[Board["lang"]] {
  return WORDS[lang];
}

/** Read what the server wrote. Throw with the field's name when it is not what the chart needs. */
export function readBoard(raw: unknown): Board {
  if (typeof raw !== "object" || raw === null) throw new TypeError("the board's data must be an object");
  const { lang, unit, asOf, areas } = raw as Record<string, unknown>;
  if (!Array.isArray(areas)) throw new TypeError("areas must be a list");
  return {
    lang: lang === "en" ? "en" : "zh-hans",
    unit: typeof unit === "string" ? unit : "",
    asOf: typeof asOf === "string" ? asOf : "",
    areas: areas.map(readArea),
  };
}

function readArea(raw: Record<string, unknown>): Area {
  const { code, name, owed, done, overdue, href } = raw;
  if (typeof code !== "string" || typeof name !== "string") throw new TypeError("an area needs a code and a name");
  for (const [key, value] of Object.entries({ owed, done, overdue })) {
    if (typeof value !== "number" || value < 0) throw new TypeError(`${key} of ${name} must be a count`);
  }
  const area = { code, name, owed: owed as number, done: done as number, overdue: overdue as number };
  // Only an address of this site is followed: data must not be able to send anybody elsewhere.
  return typeof href === "string" && /^\/(?!\/)/.test(href) ? { ...area, href } : area;
}

/** The colour of a share from 0 (all missing) to 1. "Complete" is only for complete: 99.9 % is one step below. */
export function colour(done: number, owed: number): string {
  if (owed === 0) return NOTHING_OWED;
  if (done >= owed) return STEPS[4];
  const share = done / owed;
  return STEPS[share < 0.5 ? 0 : share < 0.75 ? 1 : share < 0.9 ? 2 : 3];
}

/** The colour of text that can be read on `colour` of the same share (at least 4.5 to 1). */
export function ink(done: number, owed: number): string {
  const on = colour(done, owed);
  return on === STEPS[2] || on === STEPS[3] || on === NOTHING_OWED ? "#111" : "#fff";
}

/** One line about an area: the number is written out, so the colour never speaks alone. */
export function describe(area: Area, board: Board): string {
  const say = words(board.lang);
  if (area.owed === 0) return `${area.name} ${say.none}`;
  const gap = board.lang === "en" ? " " : "";
  const missing = area.owed - area.done;
  const parts = [`${area.name} ${area.done}/${area.owed}${gap}${board.unit}`];
  if (missing > 0) parts.push(`${say.missing}${gap}${missing}`);
  if (area.overdue > 0) parts.push(`${say.overdue}${gap}${area.overdue}`);
  return parts.join(board.lang === "en" ? ", " : "，");
}

/** The label of the whole picture for a screen reader: the worst first; the table beside it has every number. */
export function summary(board: Board, most = 5): string {
  const worst = [...board.areas].sort((a, b) => b.owed - b.done - (a.owed - a.done)).slice(0, most);
  const say = words(board.lang);
  const stop = board.lang === "en" ? "; " : "；";
  return [say.chart, board.asOf, ...worst.map((area) => describe(area, board))].filter(Boolean).join(stop);
}
