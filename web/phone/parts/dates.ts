// Moments as people say them.
import { say } from "../app";
import { state } from "../state";

const DAY = 24 * 3600_000;

export function spoken(iso: string): string {
  const language = state.language === "en" ? "en" : "zh-CN";
  return new Date(iso).toLocaleString(language, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
}

const HOUR = 3600_000;

/** "overdue 2 days", "12 minutes left", "due 18:00 today": what matters of a deadline. */
export function deadline(due: string, now: Date): string {
  const left = Date.parse(due) - now.getTime();
  if (left >= 0 && left <= 2 * HOUR) return say("due.minutes_left", { n: Math.ceil(left / 60_000) });
  if (left < 0 && left > -HOUR) return say("due.minutes_late", { n: Math.max(1, Math.floor(-left / 60_000)) });
  if (left < -DAY) return say("due.days_late", { n: Math.floor(-left / DAY) });
  if (left < 0) return say("due.hours_late", { n: Math.max(1, Math.floor(-left / 3600_000)) });
  return say("due.until", { at: spoken(due) });
}

export function far(metres: number): string {
  return metres < 1000 ? say("far.m", { n: metres }) : say("far.km", { n: (metres / 1000).toFixed(1) });
}
