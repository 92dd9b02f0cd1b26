// 一人一编号一存根一跟踪: a number for whoever is let in, unique without asking anybody: the post's code, the day, four
// letters of this phone's own, and a running number of this phone. The same as bulou/checkpoints/rules/cards.py.

export function cardNumber(post: string, day: string, mark: string, number: number): string {
  return `${post}-${day.slice(5, 7)}${day.slice(8, 10)}-${mark}-${String(number).padStart(3, "0")}`;
}

/** The day in China, wherever this phone thinks it is: "2020-01-30". */
export function dayInChina(at: Date): string {
  return inChina(at).slice(0, 10);
}

/** The minute in China with its offset: "2020-01-30T07:31+08:00". */
export function minuteInChina(at: Date): string {
  return `${inChina(at).slice(0, 16)}+08:00`;
}

/** "07:31", in China. */
export function clockInChina(at: Date): string {
  return inChina(at).slice(11, 16);
}

function inChina(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString();
}

export interface Numbers {
  day: string;
  last: number;
}

/** The next so many numbers of the day, and what to remember before any of them is given to anybody. */
export function take(known: Numbers | undefined, day: string, count: number): { first: number; numbers: Numbers } {
  const last = known?.day === day ? known.last : 0;
  return { first: last + 1, numbers: { day, last: last + count } };
}
