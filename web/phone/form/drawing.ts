/** What every part of a form's screen needs to know, handed down from FormScreen. */
import { inject, type InjectionKey, type Ref } from "vue";

import type { AnyNode, LeafNode, UploadNode } from "./engine";
import type { Language } from "./types";
import type { Say } from "./words";

export interface Drawing {
  language: Language;
  say: Say;
  /** Set once somebody has tried to save: from then on what is missing is said, too. */
  tried: Ref<boolean>;
  /** Whether the node is on the screen now. */
  shows: (node: AnyNode) => boolean;
  /** Whether the lane has answered the question beforehand: it is drawn small, ready to be changed. */
  settled: (node: LeafNode) => boolean;
  /** Whether the form is being filled in by a fast lane. */
  quick: Ref<boolean>;
  /** What is wrong with the answer, "" if nothing is or it is too early to say. */
  fault: (node: LeafNode) => string;
  touch: (node: LeafNode) => void;
  /** What was typed and is no answer, such as "36..5": it must not be lost unseen. */
  mistype: (node: LeafNode, why: string) => void;
  now: () => Date;
  /** Called after every answer. */
  changed: () => void;
  photoOf: (node: UploadNode) => string | undefined;
  findPhoto: (sha256: string) => Promise<Blob | undefined>;
  keepPhoto: (node: UploadNode, file: File | null) => Promise<void>;
  addRow: (node: AnyNode) => void;
  /** The id of the question or row that is being jumped to: what holds it opens. */
  jumping: Ref<string>;
  rowTitle: (row: AnyNode) => string;
}

export const DRAWING: InjectionKey<Drawing> = Symbol("drawing");

export function useDrawing(): Drawing {
  const drawing = inject(DRAWING);
  if (!drawing) throw new Error("a question is drawn inside a form");
  return drawing;
}

/** The id of the element a question is drawn in, to jump to. */
export function anchorOf(node: AnyNode): string {
  return `q-${node.nodeId.replace(/\W/g, "-")}`;
}

export function labelOf(node: AnyNode): string {
  return plain(node.currentState.label?.asString ?? "");
}

const TAG = /<\/?(?:span|font|b|i|u|em|strong|small|p|br|div|center|h[1-6])\b[^<>]*>/gi;

/** The words without the marks that ODK Collect turns into bold or coloured letters, as the office reads them. */
export function plain(text: string): string {
  return text
    .replace(TAG, "")
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, "$2")
    .replace(/^#{1,6}\s+/, "")
    .trim();
}
