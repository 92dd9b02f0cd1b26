/** ODK's engine, loaded once and only when a form is opened. */
import type { AnyNode, GeneralChildNode, RepeatInstanceNode, RootNode } from "@getodk/xforms-engine";

export type { AnyNode, GeneralChildNode, RepeatInstanceNode, RootNode };
export type RepeatNode = Extract<GeneralChildNode, { nodeType: `repeat-range:${string}` }>;
export type GroupNode = Extract<GeneralChildNode, { nodeType: "group" }>;
export type LeafNode = Exclude<GeneralChildNode, RepeatNode | GroupNode>;
export type SelectNode = Extract<LeafNode, { nodeType: "select" }>;
export type InputNode = Extract<LeafNode, { nodeType: "input" }>;
export type RangeNode = Extract<LeafNode, { nodeType: "range" }>;
export type UploadNode = Extract<LeafNode, { nodeType: "upload" }>;

/** A form that the engine cannot read; the message is the engine's, in English. */
export class FormBroken extends Error {}

/**
 * Return the root of a new instance of the form. `reactive` makes the objects whose changes are watched: Vue's own on a
 * screen, none in tests. Throws FormBroken.
 */
export async function openForm(xform: string, reactive?: <T extends object>(object: T) => T): Promise<RootNode> {
  const { loadForm } = await import("@getodk/xforms-engine");
  const loaded = await loadForm(xform, { missingResourceBehavior: "BLANK" });
  if (loaded.status === "failure") throw new FormBroken(loaded.error.message);
  return loaded.createInstance(reactive ? { stateFactory: reactive } : {}).root;
}

/** The engine names languages as the form does: "中文 (zh)". Leaves the form's first language where ours is missing. */
export function speak(root: RootNode, language: string): void {
  const wanted = language === "en" ? /\ben\b|english/i : /\bzh\b|中文|chinese/i;
  for (const each of root.languages) {
    if (!each.isSyntheticDefault && wanted.test(each.language)) {
      root.setLanguage(each);
      return;
    }
  }
}

export function isRepeat(node: AnyNode): node is RepeatNode {
  return node.nodeType === "repeat-range:controlled" || node.nodeType === "repeat-range:uncontrolled";
}

export function isGroup(node: AnyNode): node is GroupNode {
  return node.nodeType === "group";
}

/** The last step of the node's path: the field's name. */
export function nameOf(node: AnyNode): string {
  return node.currentState.reference.replace(/\[\d+\]$/, "").replace(/^.*\//, "");
}

/** The field's key: "temperature", in a row "members.temperature", in a row of a row "homes.members.age". */
export function keyOf(node: AnyNode): string {
  const steps = [nameOf(node)]; // groups say nothing
  for (let each = node.parent as AnyNode | null; each; each = each.parent as AnyNode | null) {
    if (each.nodeType === "repeat-instance") steps.unshift(nameOf(each));
  }
  return steps.join(".");
}

/** The rows the node stands in, from 1, the outermost first: [2, 1] in the first row of the second row. */
export function rowsOf(node: AnyNode): number[] {
  const found: number[] = [];
  for (let each = node.parent as AnyNode | null; each; each = each.parent as AnyNode | null) {
    if (each.nodeType === "repeat-instance") found.unshift(Number(/\[(\d+)\]$/.exec(each.currentState.reference)?.[1] ?? "1"));
  }
  return found;
}

/** Whether the node is the form's own bookkeeping (its id, who, when), which is no answer. */
export function isMeta(node: AnyNode): boolean {
  return isGroup(node) && nameOf(node) === "meta";
}

/** Whether the form asks for at least one row and there is none. The engine itself takes no notice. */
export function lacksRows(node: AnyNode): boolean {
  return isRepeat(node) && node.currentState.relevant && node.currentState.required && !node.currentState.children.length;
}

/** Yield the repeats of a form, those in groups and in rows included. */
export function* repeats(node: AnyNode): Generator<RepeatNode> {
  for (const each of (node.currentState.children ?? []) as readonly AnyNode[]) {
    if (isRepeat(each)) {
      yield each;
      for (const row of each.currentState.children) yield* repeats(row);
    } else if (isGroup(each) && !isMeta(each)) yield* repeats(each);
  }
}

/** Yield the questions and calculations under a node, rows of repeats included, in order. */
export function* leaves(node: AnyNode): Generator<LeafNode> {
  for (const each of (node.currentState.children ?? []) as readonly AnyNode[]) {
    if (isMeta(each)) continue;
    if (each.nodeType === "repeat-instance" || isRepeat(each) || isGroup(each)) yield* leaves(each);
    else yield each as LeafNode;
  }
}
