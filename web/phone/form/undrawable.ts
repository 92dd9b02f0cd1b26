/** What of a form this app cannot draw or work out. The server says the same at upload: bulou/records/drawing.py. */
import drawable from "../../../bulou/records/drawable.json";

const JR = "http://openrosa.org/javarosa";
const EV = "http://www.w3.org/2001/xml-events";
const EXPRESSIONS = ["relevant", "constraint", "calculate", "required", "readonly", "nodeset", "value"];
const NOT_FUNCTIONS = ["and", "or", "div", "mod", "node", "text", "comment", "processing-instruction"];
const words: Record<string, { zh_Hans: string; en: string }> = drawable.words;

/** Return "<path of the question>: <reason> <detail>" for all of it, in order; nothing if all can be drawn. */
export function undrawable(xform: string): string[] {
  const form = new DOMParser().parseFromString(xform, "text/xml");
  if (form.getElementsByTagName("parsererror").length) throw new Error("the form is not XML that can be read");
  const found = new Set<string>();
  const say = (where: string, code: string, detail = ""): unknown =>
    found.add([where, code, detail].join("\0"));
  const all = Array.from(form.getElementsByTagName("*"));
  const named = (name: string): Element[] => all.filter((each) => each.localName === name);

  for (const each of named("instance")) if (each.getAttribute("src")) say("", "file_choices", each.getAttribute("src") ?? "");
  if (named("submission").some((each) => each.getAttribute("base64RsaPublicKey"))) say("", "encryption");
  if (named("audit").some((each) => each.closest("instance"))) say("", "audit");
  const media = ["image", "audio", "video", "big-image"];
  if (named("value").some((each) => media.includes(each.getAttribute("form") ?? ""))) say("", "media");
  for (const each of all) {
    const where = each.getAttribute("ref") ?? "";
    const events = each.getAttribute("event") || each.getAttributeNS(EV, "event");
    if (events) {
      if (!drawable.actions.includes(each.localName)) say(where, "action", each.localName);
      for (const event of events.split(/\s+/)) if (!drawable.events.includes(event)) say(where, "action", event);
    }
    for (const text of [...EXPRESSIONS.map((name) => each.getAttribute(name)), each.getAttributeNS(JR, "count")]) {
      const bare = (text ?? "").replace(/'[^']*'|"[^"]*"/g, "''");
      for (const [, name = ""] of bare.matchAll(/([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*\(/g)) {
        if (NOT_FUNCTIONS.includes(name) || drawable.functions.includes(name)) continue;
        say(where || each.getAttribute("nodeset") || "", "function", name);
      }
    }
  }
  const types = new Map(named("bind").map((each) => [each.getAttribute("nodeset"), each.getAttribute("type") ?? "string"]));
  const body = named("body")[0];
  for (const each of Array.from(body?.children ?? [])) inBody(each);
  return [...found].sort().map((each) => each.split("\0")).map(([where, code, detail]) => `${where}: ${code}${detail ? ` ${detail}` : ""}`);

  function inBody(each: Element): void {
    const control = each.localName;
    const where = each.getAttribute("ref") || each.getAttribute("nodeset") || "";
    if (control === "group" || control === "repeat") {
      const intent = each.getAttribute("intent");
      if (intent) say(where, "app", intent.split("(")[0]);
      for (const child of Array.from(each.children)) inBody(child);
      return;
    }
    if (["label", "hint", "setvalue"].includes(control) || !where) return;
    if (!drawable.controls.includes(control)) {
      say(where, control in words ? control : "type", control === "rank" ? "" : control);
      return;
    }
    const type = (types.get(where) ?? "string").replace(/^(xsd|xs|odk):/, "");
    const known = control === "input" ? drawable.input : control === "range" ? drawable.range : [type];
    if (!known.includes(type)) say(where, type in words ? type : "type", type in words ? "" : type);
    if (control === "upload") {
      const kind = (each.getAttribute("mediatype") ?? "").split("/")[0] ?? "";
      if (!drawable.upload.includes(kind)) say(where, kind === "audio" || kind === "video" ? kind : "file");
    }
    for (const appearance of (each.getAttribute("appearance") ?? "").split(/\s+/)) {
      const placed = type === "geopoint" && appearance === "placement-map";
      const looks = drawable.appearances.includes(appearance) && ["upload", "select1", "select"].includes(control);
      if (placed || looks) say(where, "appearance", appearance);
      if (drawable.apps.some((app) => appearance.startsWith(app))) say(where, "app", appearance.split("(")[0]);
    }
  }
}
