// What has been typed and not yet saved as an entry: it survives a closed tab and a new version of the app.
import { moment } from "./clock";
import type { Draft, KeptBlob, Store } from "./store";
import type { Body } from "./wire";

export function draftId(kind: string, subject: string, lane: string, amends: string | null): string {
  return `${kind} ${subject} ${lane} ${amends ?? ""}`;
}

/** Marks a form on which something is half filled in. */
export function begun(drafts: Draft[], kind: string, subject: string, lane = ""): string {
  const id = draftId(kind, subject, lane, null);
  return drafts.some((draft) => draft.id === id) ? "✎ " : "";
}

/** The short way a draft of a form was begun on, "" for the whole form. */
export function laneOf(draft: Draft): string {
  return draft.id.slice(`${draft.kind} ${draft.subject} `.length).split(" ")[0] ?? "";
}

/** The half-filled forms among the drafts, latest first: the desk keeps its own there too, and shows them itself. */
export function halfFilled(drafts: Draft[]): Draft[] {
  return drafts
    .filter((one) => one.id === draftId(one.kind, one.subject, laneOf(one), one.amends))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Writes a draft some time after the last change, and at once when asked to. */
export class DraftKeeper {
  private waiting: Draft | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly now: () => Date,
    private readonly pause = 100, // the form has waited already
  ) {}

  change(of: Omit<Draft, "at" | "body">, body: Body): void {
    // A plain copy: what a form hands over may be wrapped in what watches it, which the store cannot hold.
    this.waiting = { ...of, body: JSON.parse(JSON.stringify(body)) as Body, at: moment(this.now()) };
    clearTimeout(this.timer);
    if (globalThis.document?.visibilityState === "hidden") void this.flush(); // there may be no later
    else this.timer = setTimeout(() => void this.flush(), this.pause);
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const draft = this.waiting;
    this.waiting = null;
    if (draft) await this.store.write(["drafts"], (t) => t.put("drafts", draft));
  }

  /** Throw away what waits to be written: the entry is saved, or the worker wants none of it. */
  drop(): void {
    clearTimeout(this.timer);
    this.waiting = null;
  }
}

/** The photos an entry's body names, of those taken now and those kept with its draft; each once. */
export function photosOf(body: Body, ...taken: Omit<KeptBlob, "sent">[][]): Omit<KeptBlob, "sent">[] {
  const text = JSON.stringify(body);
  const found = new Map(taken.flat().map((photo) => [photo.sha256, photo]));
  return [...found.values()].filter((photo) => text.includes(`sha256:${photo.sha256}`));
}
