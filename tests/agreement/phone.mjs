// Fills in forms as the phone does: the phone's own code (web/phone/form) over ODK's engine, without a screen.
//
// Reads JSON from the file named first: {"forms": {name: xform}, "asks": [{form, body, now, way}]}. Writes one line of
// JSON for each ask to the file named second: what is relevant, required, wrong and worked out, and the body that comes
// out. `now` stands for the clock. `way` "phone" opens the form as the phone does, "restore" puts the body into a form
// that is open already, which is many times faster and comes to the same.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const web = new URL("../../web/", import.meta.url);
const ours = new URL("phone/form/", web);
const fromWeb = createRequire(new URL("package.json", web));
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith(".") && context.parentURL?.startsWith(ours.href) && !/\.\w+$/.test(specifier)) {
      return next(`${specifier}.ts`, context); // as Vite finds them
    }
    if (specifier.endsWith(".json") && context.parentURL?.startsWith(ours.href)) {
      return { ...next(specifier, context), importAttributes: { type: "json" } };
    }
    return next(specifier, context);
  },
});

const { JSDOM } = await import(pathToFileURL(fromWeb.resolve("jsdom")).href);
const { window } = new JSDOM("<!doctype html>", { url: "http://localhost/" });
globalThis.window = window;
for (const name of Object.getOwnPropertyNames(window)) {
  if (/^(DOMParser|XML\w+|XPath\w+|Node|NodeList|Element|Document|DocumentFragment|Attr|Text|Comment|CDATASection|ProcessingInstruction|HTML\w+|document)$/.test(name)) {
    globalThis[name] = window[name];
  }
}
const { loadAsInABrowser } = await import(new URL("phone/form/tests/browser.ts", web));
await loadAsInABrowser();
const { loadForm } = await import(new URL("node_modules/@getodk/xforms-engine/dist/index.js", web));
const { openForm, leaves, repeats, lacksRows, keyOf, rowsOf } = await import(new URL("phone/form/engine.ts", web));
const { bodyOf, emptyUnsaid } = await import(new URL("phone/form/body.ts", web));
const { filled } = await import(new URL("phone/form/filling.ts", web));
const { undrawable } = await import(new URL("phone/form/undrawable.ts", web));

const Clock = Date;
let now = 0;
globalThis.Date = class extends Clock {
  constructor(...parts) {
    super(...(parts.length ? parts : [now]));
  }
  static now() {
    return now;
  }
};

const { forms, asks } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const loaded = new Map();
const lines = [];
for (const { form, body, now: at, way } of asks) {
  now = Clock.parse(at);
  try {
    lines.push(JSON.stringify(way === "undrawable" ? undrawable(forms[form]) : standing(await opened(form, body, way))));
  } catch (error) {
    lines.push(JSON.stringify({ broken: String(error?.stack ?? error) }));
  }
}
writeFileSync(process.argv[3], `${lines.join("\n")}\n`);
process.exit(0);

/** The form without its words and choices, which takes a fraction of the time to read. */
function bare(xform) {
  return xform.replace(/<itext>[^]*?<\/itext>/, "").replace(/<instance id="[^]*?<\/instance>/g, "");
}

async function opened(name, body, way) {
  const xform = filled(way === "phone" ? forms[name] : bare(forms[name]), { said: body, whole: true });
  if (way === "phone") {
    const root = await openForm(xform);
    emptyUnsaid(root, body);
    return root;
  }
  if (!loaded.has(name)) loaded.set(name, await loadForm(forms[name]));
  const form = loaded.get(name);
  if (form.status === "failure") throw form.error;
  const document = new DOMParser().parseFromString(xform, "text/xml");
  const top = document.getElementsByTagName("instance")[0].firstElementChild;
  for (const each of [...top.querySelectorAll("*")]) {
    if (each.hasAttributeNS("http://openrosa.org/javarosa", "template")) each.remove();
  }
  const data = new FormData();
  data.set("xml_submission_file", new File([new XMLSerializer().serializeToString(top)], "xml_submission_file", { type: "text/xml" }));
  const { root } = await form.restoreInstance({ data: [data] });
  emptyUnsaid(root, body);
  return root;
}

function standing(root) {
  const said = { relevant: [], hidden: [], required: [], faults: [], worked: {}, body: bodyOf(root) };
  for (const each of repeats(root)) {
    const key = `${keyOf(each)} ${rowsOf(each).join(".") || 0}`;
    const { relevant, required } = each.currentState;
    said[relevant ? "relevant" : "hidden"].push(key);
    if (relevant && required) said.required.push(key);
    if (lacksRows(each)) said.faults.push(`${key} required`);
  }
  for (const node of leaves(root)) {
    const key = `${keyOf(node)} ${rowsOf(node).join(".") || 0}`;
    const { relevant, required, instanceValue } = node.currentState;
    said[relevant ? "relevant" : "hidden"].push(key);
    if (!relevant) continue;
    if (required) said.required.push(key);
    if (node.nodeType === "model-value") said.worked[key] = instanceValue;
    const violation = node.validationState.violation;
    if (violation) said.faults.push(`${key} ${violation.condition}`);
  }
  return said;
}
