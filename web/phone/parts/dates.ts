// Moments as people say them.
import { say } from "../app";
import { state } from "../state";

const DAY = 24 * 3600_000;

export function spoken(iso: string): string {
  const language = state.language === "en" ? "en" : "zh-CN";
  return new Date(iso).toLocaleString(language, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
}

/** "overdue 2 days", "due 18:00 today": what matters of a deadline. */
export function deadline(due: string, now: Date): string {
  const left = Date.parse(due) - now.getTime();
  if (left < -DAY) return say("due.days_late", { n: Math.floor(-left / DAY) });
  if (left < 0) return say("due.hours_late", { n: Math.max(1, Math.floor(-left / 3600_000)) });
  return say("due.until", { at: spoken(due) });
}

export function far(metres: number): string {
  return metres < 1000 ? say("far.m", { n: metres }) : say("far.km", { n: (metres / 1000).toFixed(1) });
}
