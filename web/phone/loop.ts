// When to talk to the server: at once when there is something to say or the signal comes back, else now and then;
// ever more seldom while nobody answers.

const EVERY = 5 * 60_000;
const FIRST = 4_000;
const LONGEST = 60_000; // a signal may come back without the browser noticing

export class Loop {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private running = false;
  private again = false;

  constructor(
    private readonly talk: () => Promise<boolean>,
    private readonly chance: () => number,
  ) {}

  /** Listen for every occasion on which the line may be back. */
  start(): void {
    addEventListener("online", () => this.now());
    addEventListener("focus", () => this.now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.now());
    this.now();
  }

  /** Talk now; if a conversation is under way, once more after it. */
  now(): void {
    this.failures = 0;
    if (this.running) this.again = true;
    else void this.turn();
  }

  private async turn(): Promise<void> {
    clearTimeout(this.timer);
    this.running = true;
    this.again = false;
    const well = await this.talk().catch(() => false);
    this.running = false;
    this.failures = well ? 0 : this.failures + 1;
    if (this.again) return this.turn();
    this.timer = setTimeout(() => void this.turn(), pause(this.failures, this.chance()));
  }
}

/** The pause after so many failures, in ms; `chance` in [0, 1) keeps three thousand phones from calling at once. */
export function pause(failures: number, chance: number): number {
  const whole = failures === 0 ? EVERY : Math.min(LONGEST, FIRST * 2 ** (failures - 1));
  return Math.round(whole * (0.75 + 0.5 * chance));
}
