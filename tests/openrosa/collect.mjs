// A phone nobody here wrote: ODK's own engine lists the forms, takes the lists, fills one in, and sends it twice.
// node collect.mjs <node_modules> <server url> <form id> <answers: JSON, [path, value]…; "+path" adds a row, "-path" takes one out>
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, server, formId, said] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(modules, path)).href);
const { JSDOM } = await load("jsdom/lib/api.js");
const { window } = new JSDOM("<!doctype html>", { url: "http://phone.example/" });
for (const name of ["document", "DOMParser", "XMLSerializer", "Node", "Element", "Document", "Attr", "Text", "CDATASection",
  "Comment", "ProcessingInstruction", "XPathResult", "XPathEvaluator", "XPathExpression", "NodeFilter", "localStorage", "HTMLElement",
  "XMLDocument", "ParentNode", "CharacterData", "DocumentFragment"]) {
  if (window[name] !== undefined && !(name in globalThis && name === "localStorage")) globalThis[name] = window[name];
}
globalThis.window = globalThis;
Object.defineProperty(globalThis, "localStorage", { value: window.localStorage, configurable: true });

await fetch("data:,"); // Node looks at its own version when it first fetches
// The published bundle is for browsers: it must not notice Node while it is loaded.
const versions = Object.getOwnPropertyDescriptor(process, "versions");
Object.defineProperty(process, "versions", { value: { ...process.versions, node: undefined }, configurable: true });
const { loadForm } = await load("@getodk/xforms-engine/dist/index.js");
Object.defineProperty(process, "versions", versions);

const headers = { "X-OpenRosa-Version": "1.0", "User-Agent": "org.odk.collect.android/test" };
const md5 = (bytes) => "md5:" + createHash("md5").update(bytes).digest("hex");
async function get(url) {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}
const tag = (xml, name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.replaceAll("&amp;", "&");

const listed = await fetch(`${server}/formList?deviceID=collect%3Aabc`, { headers });
if (!listed.headers.get("x-openrosa-version") || !listed.headers.get("content-type").includes("text/xml"))
  throw new Error("not an OpenRosa server");
const forms = (await listed.text()).split("<xform>").slice(1);
const entry = forms.find((one) => tag(one, "formID") === formId);
const xform = await get(tag(entry, "downloadUrl"));
if (md5(xform) !== tag(entry, "hash")) throw new Error("the form is not what the list says");
const files = new Map();
if (tag(entry, "manifestUrl")) {
  for (const one of (await get(tag(entry, "manifestUrl"))).toString().split("<mediaFile").slice(1)) {
    const bytes = await get(tag(one, "downloadUrl"));
    if (md5(bytes) !== tag(one, "hash")) throw new Error("a list is not what the manifest says");
    files.set(tag(one, "filename"), bytes);
  }
}

const form = await loadForm(xform.toString(), {
  fetchFormAttachment: async (url) => {
    const bytes = files.get(String(url).split("/").at(-1));
    return new Response(bytes ?? null, { status: bytes ? 200 : 404, headers: { "Content-Type": "text/csv" } });
  },
});
if (form.status === "failure") throw form.error;
const { root } = form.createInstance();

const nameOf = (node) => node.currentState.reference.replace(/\[\d+\]$/, "").replace(/^.*\//, "");
function find(node, reference) {
  for (const child of node.currentState.children ?? []) {
    if (child.currentState.reference === reference) return child;
    const found = find(child, reference);
    if (found) return found;
  }
  return null;
}
for (const [path, value] of JSON.parse(said)) {
  const node = find(root, path.replace(/^[+-]/, ""));
  if (!node) throw new Error(`nothing is asked at ${path}`);
  if (path.startsWith("+")) node.addInstances();
  else if (path.startsWith("-")) node.removeInstances(0);
  else if (!node.currentState.relevant) throw new Error(`${path} is not relevant`);
  else if (node.nodeType === "select") {
    const wanted = Array.isArray(value) ? value : [value];
    const offered = node.currentState.valueOptions.map((option) => option.value);
    for (const one of wanted) if (!offered.includes(one)) throw new Error(`${path} offers ${offered}, not ${one}`);
    node.selectValues ? node.selectValues(wanted) : node.selectValue(value);
  } else if (node.nodeType === "upload") node.setValue(new File([value], "photo.jpg", { type: "image/jpeg" }));
  else node.setValue(value);
}
const payload = await root.prepareInstancePayload();
const violations = (payload.violations ?? []).map((one) => String(one.reference ?? one.nodeId));
const head = await fetch(`${server}/submission?deviceID=collect%3Aabc`, { method: "HEAD", headers });
const answers = [head.status];
const data = [].concat(payload.data);
for (let again = 0; again < 2; again++) {
  for (const part of data) {
    const body = new FormData(); // the engine's own parts, by the names it gave them
    for (const [name, file] of part.entries()) body.append(name, file, file.name);
    const answer = await fetch(`${server}/submission?deviceID=collect%3Aabc`, { method: "POST", headers, body });
    answers.push(answer.status);
    await answer.text();
  }
}
const xml = await data[0].get("xml_submission_file").text();
console.log(JSON.stringify({ status: payload.status, violations, answers, xml, forms: forms.length, name: nameOf(root) }));
