/** Between the engine's tree and the ledger's JSON. The server's reading of the same is bulou/records/shapes.py. */
import { type AnyNode, isGroup, isMeta, isRepeat, keyOf, leaves, type LeafNode, nameOf, type RepeatInstanceNode, type RootNode } from "./engine";
import { textOf } from "./filling";
import type { Body } from "./types";

/** Photos by node: the answer is a hash, which the engine knows nothing of. */
export type Photos = Map<string, string>;

/** Return the answers: relevant ones only, calculated ones as the engine worked them out, notes and blanks left out. */
export function bodyOf(root: RootNode, photos: Photos = new Map()): Body {
  return gather(root, photos);
}

function gather(node: AnyNode, photos: Photos): Body {
  const said: Body = {};
  for (const each of (node.currentState.children ?? []) as readonly AnyNode[]) {
    if (isMeta(each) || !each.currentState.relevant) continue;
    if (isGroup(each)) Object.assign(said, gather(each, photos));
    else if (isRepeat(each)) {
      const rows = (each.currentState.children as readonly RepeatInstanceNode[]).filter((row) => row.currentState.relevant);
      if (rows.length) said[nameOf(each)] = rows.map((row) => gather(row, photos));
    } else {
      const value = valueOf(each as LeafNode, photos);
      if (value !== undefined) said[nameOf(each)] = value;
    }
  }
  return said;
}

/** Return one answer as JSON, undefined if there is none. */
export function valueOf(node: LeafNode, photos: Photos = new Map()): unknown {
  const state = node.currentState;
  const text = state.instanceValue;
  switch (node.nodeType) {
    case "select": {
      const chosen = node.currentState.value;
      if (node.selectType === "select") return chosen.length ? [...chosen] : undefined;
      return chosen[0];
    }
    case "trigger":
      return node.currentState.value ? true : undefined;
    case "upload":
      return photos.get(node.nodeId);
    case "input":
    case "range":
    case "note": // a question that nobody may change is a note to the engine
      if (text === "") return undefined;
      return node.valueType === "int" || node.valueType === "decimal" ? Number(text) : text;
    default:
      return text === "" ? undefined : text;
  }
}

/**
 * Keeps what was said of every question, also of those that are not relevant just now: somebody who changes the outcome
 * and changes it back, with the app closed in between, finds the answers again.
 */
export class Memory {
  private readonly said = new Map<string, unknown>(); // by the id of the node

  /** Return the body of a draft: like bodyOf, with what is not relevant too, and null for what was emptied. */
  draftOf(root: RootNode, photos: Photos): Body {
    return this.gather(root, photos);
  }

  private gather(node: AnyNode, photos: Photos): Body {
    const draft: Body = {};
    for (const each of (node.currentState.children ?? []) as readonly AnyNode[]) {
      if (isMeta(each)) continue;
      if (isGroup(each)) Object.assign(draft, this.gather(each, photos));
      else if (isRepeat(each)) {
        draft[nameOf(each)] = (each.currentState.children as readonly RepeatInstanceNode[]).map((row) => this.gather(row, photos));
      } else {
        const leaf = each as LeafNode;
        if (leaf.nodeType === "model-value") continue;
        const answered = leaf.nodeType !== "note" || leaf.currentState.instanceValue !== "";
        if (leaf.currentState.relevant && answered) this.said.set(leaf.nodeId, valueOf(leaf, photos) ?? null);
        if (this.said.has(leaf.nodeId)) draft[nameOf(leaf)] = this.said.get(leaf.nodeId);
      }
    }
    return draft;
  }

  /** Begin with what a draft or a register said, since the engine does not tell of what is not relevant. */
  recall(root: RootNode, said: Body): void {
    this.begin(root, said);
  }

  private begin(node: AnyNode, said: Body): void {
    for (const each of (node.currentState.children ?? []) as readonly AnyNode[]) {
      if (isMeta(each)) continue;
      if (isGroup(each)) this.begin(each, said);
      else if (isRepeat(each)) {
        const rows = said[nameOf(each)];
        (each.currentState.children as readonly RepeatInstanceNode[]).forEach((row, i) =>
          this.begin(row, (Array.isArray(rows) ? (rows[i] as Body | undefined) : undefined) ?? {}),
        );
      } else if (nameOf(each) in said) this.said.set(each.nodeId, said[nameOf(each)]);
    }
  }
}

/** Set one answer from JSON, as far as the engine lets it be set. */
export function setValue(node: LeafNode, value: unknown): void {
  const text = textOf(value);
  switch (node.nodeType) {
    case "select":
      node.selectValues(Array.isArray(value) ? (value as string[]) : text ? [text] : []);
      break;
    case "trigger":
      node.setValue(value === true || value === "OK");
      break;
    case "input":
    case "range":
      (node.setValue as (text: string | null) => unknown)(text === "" && node.valueType !== "string" ? null : text);
      break;
  }
}

/** After a draft or an entry was written in: empty what it leaves unanswered and a default answered for it. */
export function emptyUnsaid(root: RootNode, said: Body): void {
  const known = keys(said);
  for (const node of leaves(root)) {
    const state = node.currentState;
    if (state.relevant && !state.readonly && state.instanceValue !== "" && !known.has(keyOf(node))) setValue(node, null);
  }
}

function keys(said: Body, around = "", found = new Set<string>()): Set<string> {
  for (const [name, value] of Object.entries(said)) {
    found.add(around + name);
    for (const row of Array.isArray(value) ? value : []) {
      if (row && typeof row === "object") keys(row as Body, `${around}${name}.`, found);
    }
  }
  return found;
}
