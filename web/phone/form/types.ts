/** What the shell hands to a form and what it gets back: the contract between the two halves of the phone app. */

export type Language = "zh_Hans" | "en";
export type Words = Partial<Record<Language, string>>;

/** An entry's answers as the ledger keeps them. */
export type Body = Record<string, unknown>;

export interface Lane {
  name: string;
  title: Words;
  /** Keys such as "members.temperature". */
  asks: string[];
  fill: Record<string, unknown>;
}

export interface FormRequest {
  xform: string;
  language: Language;
  /** Shown at the top; the form's own title if left out. */
  title?: string;
  /** What is known beforehand. Defaults of the form stay for what is not. */
  prefill?: Body;
  /** A draft, or an entry to correct. */
  body?: Body;
  extra?: { lanes?: Lane[]; hidden?: string[] };
  lane?: Lane;
  /** What the lane asks although it fills it in, because the record says otherwise: key and the person of the row. */
  open?: [string, string][];
  /** The moment that "today" and "now" mean; this phone's clock if left out. */
  now?: () => Date;
  /** What a subject is called on this phone ("person:…"): shown, never written into the entry. */
  called?: (subject: string) => string | undefined;
  /** Finds a photo kept with the draft, to show it. */
  photo?: (sha256: string) => Promise<Blob | undefined>;
}

export interface Attachment {
  sha256: string;
  blob: Blob;
  name: string;
  type: string;
}

export interface FormResult {
  body: Body;
  /** Photos taken since the form was opened. */
  attachments: Attachment[];
}
