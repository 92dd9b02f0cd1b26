/**
 * Writes answers into an XForm before the engine reads it.
 *
 * The engine lets nobody set a read-only answer and forgets what is not relevant, so what is known (from the register,
 * from a draft, from an entry being corrected) goes into the form's own first instance, where defaults stand.
 */
import type { Body } from "./types";

const JR = "http://openrosa.org/javarosa";

export interface Filling {
  said: Body;
  /** Whether `said` is all there is: then no default is worked out for a row that is there already. */
  whole?: boolean;
}

/** Return the XForm with the answers in it. Throws if it is not XML, or no form. */
export function filled(xform: string, { said, whole = false }: Filling): string {
  const form = new DOMParser().parseFromString(xform, "text/xml");
  const top = form.getElementsByTagName("instance")[0]?.firstElementChild;
  if (!top) throw new Error("this is no form: it has no instance");
  const path = `/${top.localName}`;
  const repeats = new Map<string, boolean>(); // nodeset → whether its rows are counted by the form
  for (const each of Array.from(form.getElementsByTagName("repeat"))) {
    repeats.set(each.getAttribute("nodeset") ?? "", each.hasAttributeNS(JR, "count"));
  }
  const uploads = new Set(Array.from(form.getElementsByTagName("upload"), (each) => each.getAttribute("ref") ?? ""));
  const moments = new Set<string>();
  for (const each of Array.from(form.getElementsByTagName("bind"))) {
    if (/(^|:)dateTime$/.test(each.getAttribute("type") ?? "")) moments.add(each.getAttribute("nodeset") ?? "");
  }
  const given = new Set<string>();
  write(top, path, said);
  dropDefaults(form, given);
  return new XMLSerializer().serializeToString(form);

  function write(parent: Element, at: string, answers: Body, inRow = false): void {
    const done = new Set<string>();
    for (const each of Array.from(parent.children)) {
      const here = `${at}/${each.localName}`;
      if (repeats.has(here)) {
        if (!done.has(here)) rows(parent, each.localName, here, answers[each.localName], inRow);
        done.add(here);
      } else if (each.children.length) {
        write(each, here, answers, inRow); // a group's answers are keys of the same body
      } else if (each.localName in answers && !uploads.has(here)) {
        const text = textOf(answers[each.localName]);
        each.textContent = moments.has(here) ? wholeMoment(text) : text;
        given.add(here);
      }
    }
  }

  function rows(parent: Element, name: string, here: string, value: unknown, inRow: boolean): void {
    const found = Array.from(parent.children).filter((each) => each.localName === name);
    const template = found.find((each) => each.hasAttributeNS(JR, "template")) ?? found[0];
    if (!template) return;
    const bodies = Array.isArray(value) ? (value as Body[]) : [];
    if (!bodies.length && repeats.get(here)) return; // the form says itself how many there are
    for (const each of found) if (each !== template) each.remove();
    template.setAttributeNS(JR, "jr:template", "");
    const blank = template.cloneNode(true) as Element;
    blank.removeAttributeNS(JR, "template");
    let last = template;
    for (const body of bodies) {
      const row = blank.cloneNode(true) as Element;
      write(row, here, body, true);
      last.after(row);
      last = row;
    }
    if (inRow) template.remove(); // of rows within a row the engine has the template from that of the row
    if (whole) Array.from(blank.querySelectorAll("*"), (each) => given.add(`${here}/${each.localName}`));
  }
}

/** What has been said is not to be overwritten by a default worked out when the form is opened. */
function dropDefaults(form: Document, given: ReadonlySet<string>): void {
  for (const each of Array.from(form.getElementsByTagName("setvalue"))) {
    if (!given.has(each.getAttribute("ref") ?? "")) continue;
    const events = (each.getAttribute("event") ?? "").split(/\s+/);
    const left = events.filter((event) => event !== "odk-instance-first-load" && event !== "odk-instance-load");
    if (left.length) each.setAttribute("event", left.join(" "));
    else each.remove();
  }
}

/** The office writes "2020-02-03T10:30", meaning China's time; the engine takes only a moment with its offset. */
function wholeMoment(text: string): string {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?$/.exec(text);
  return found ? `${found[1]}T${found[2]}${found[3] ?? ":00"}.000+08:00` : text;
}

/** Return an answer as an XForm writes it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return "OK";
  if (Array.isArray(value)) return value.join(" ");
  return String(value);
}

/** Return what is known with the lane's answers over it, in every row of a repeat, but not what the record leaves open. */
export function withLane(known: Body, fill: Record<string, unknown>, open: [string, string][] = []): Body {
  const said: Body = { ...known };
  const isOpen = (key: string, who: unknown) => open.some(([one, person]) => one === key && person === (who ?? ""));
  for (const [key, value] of Object.entries(fill)) {
    const [first = "", second] = key.split(".");
    if (second === undefined) {
      if (!isOpen(key, "")) said[first] = value;
    } else if (Array.isArray(said[first])) {
      said[first] = (said[first] as Body[]).map((row) => (isOpen(key, row.person) ? row : { ...row, [second]: value }));
    }
  }
  if (said.lane !== undefined && open.length) said.lane = [said.lane, ...new Set(open.map(([key]) => key))].join(" ");
  return said;
}
