/** Between the phone's own date and time pickers and what a form keeps. */

const two = (number: number): string => String(number).padStart(2, "0");

export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function clockOf(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Return a local date and time with its offset: "2020-02-03T10:30:00.000+08:00". `picked` is "2020-02-03T10:30". */
export function momentOf(picked: string): string {
  const at = new Date(picked);
  if (Number.isNaN(at.getTime())) return "";
  const away = -at.getTimezoneOffset();
  const offset = `${away < 0 ? "-" : "+"}${two(Math.floor(Math.abs(away) / 60))}:${two(Math.abs(away) % 60)}`;
  return `${dayOf(at)}T${clockOf(at)}:${two(at.getSeconds())}.000${offset}`;
}

/** Return what the phone's picker shows for a moment a form keeps; "" for none. */
export function pickedOf(moment: string): string {
  const at = new Date(moment);
  return moment === "" || Number.isNaN(at.getTime()) ? "" : `${dayOf(at)}T${clockOf(at)}`;
}
