// Moments on the wire, and how wrong this phone's clock is. Nothing here rewrites when something happened.

/** Beyond this the worker is told: small enough not to matter, large enough that a slow line does not raise it. */
export const WORTH_SAYING_MS = 3 * 60_000;

export function moment(at: Date): string {
  return at.toISOString();
}

/** How far this clock is ahead of the server's, in ms, when an answer took from `asked` to `answered` on this clock. */
export function offset(serverTime: string, asked: Date, answered: Date): number {
  const server = Date.parse(serverTime);
  if (Number.isNaN(server)) return 0;
  return Math.round((asked.getTime() + answered.getTime()) / 2 - server);
}

/** The moment by the server's clock, as far as it is known: what is due is due by that. */
export function byServer(here: Date, offsetMs: number | undefined): Date {
  return new Date(here.getTime() - (offsetMs ?? 0));
}

/** The value for an `<input type="datetime-local">` of this phone's time zone. */
export function localInput(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment a `datetime-local` input says, or null if it says none. */
export function fromLocalInput(value: string): Date | null {
  const at = new Date(value);
  return value && !Number.isNaN(at.getTime()) ? at : null;
}
