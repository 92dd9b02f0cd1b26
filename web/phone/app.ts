// The app as it runs in a page: opens the store, talks to the server when it can, and does what the screens ask.
import { byServer } from "./clock";
import { begin, poll, type Standing, tokenIn } from "./enrol";
import { DraftKeeper } from "./drafts";
import { warmUp } from "./formscreen";
import { Loop } from "./loop";
import { recall, remember } from "./marker";
import { giveUp, record, type Fresh } from "./outbox";
import { follow, read, route } from "./route";
import { Refused, Server } from "./server";
import { reload, state } from "./state";
import { Store, type Kept } from "./store";
import { Sync } from "./sync";
import { isOffline, register, sendInBackground } from "./update";
import type { Language } from "./wire";
import { either, inWords, type Key } from "./words";

/** The present moment, by this phone's own clock, however wrong: it is what an entry says. Only in a rehearsal, whose
 * days are long past, does the phone go by the server's. */
export function now(): Date {
  return state.me?.rehearsal ? byServer(new Date(), state.settings.offset_ms) : new Date();
}
const LOCK_AFTER = 5 * 60_000; // out of sight for so long, the PIN is asked again
const HEARTBEAT = 30_000;

let store: Store;
let sync: Sync;
let loop: Loop;
let switchVersion: () => void = () => undefined;
const server = new Server();
const others = new BroadcastChannel("bulou");
export let drafts: DraftKeeper;

export function say(key: Key, said: Record<string, string | number> = {}): string {
  return inWords(state.language, key, said);
}

export async function start(): Promise<void> {
  setLanguage(localStorage.getItem("bulou-language") === "en" ? "en" : "zh_Hans");
  try {
    store = await Store.open();
    await reload(store);
  } catch (error) {
    state.phase = "broken";
    state.refusal = String(error);
    return;
  }
  drafts = new DraftKeeper(store, now);
  sync = new Sync(store, server, now, () => new Date());
  loop = new Loop(talk, Math.random);
  await lookForEviction();
  await sync.expire();
  await reload(store);
  tick();
  state.locked = state.settings.pin !== undefined;
  state.phase = state.me && !tokenInAddress() ? "in" : "enrol";
  follow();
  others.onmessage = () => void reload(store);
  setInterval(tick, HEARTBEAT);
  watchSight();
  loop.start();
  void keepStore();
  void keepOffline();
  warmUp();
}

/** The enrolment token of the address, if the app was opened by such a link. */
export function tokenInAddress(): string | null {
  return /[#&]enrol=/.test(location.hash) ? tokenIn(location.hash) : null;
}

async function talk(): Promise<boolean> {
  if (!state.me) return true;
  state.line = "talking";
  try {
    // Another tab or the worker is at it: what it leaves unsent is asked about again soon.
    if ((await sync.run(() => void reload(store))) === "busy") return false;
    state.line = "well";
    return true;
  } catch (error) {
    state.line = error instanceof Refused ? "refused" : "unreachable";
    state.refusal = error instanceof Refused ? either(error.words, state.language) || error.code : "";
    return false;
  } finally {
    await reload(store);
    tick();
    mark();
    others.postMessage("changed");
  }
}

export function talkNow(): void {
  loop.now();
}

/** Write an entry down and say so; it is on the disk when this returns. */
export async function save(fresh: Fresh): Promise<Kept> {
  drafts.drop();
  const kept = await record(store, fresh, now());
  await reload(store);
  mark();
  others.postMessage("changed");
  toast(say("saved.toast", { seq: kept.seq }));
  void sendInBackground();
  loop.now();
  return kept;
}

/** Write an entry down and show it without reading the whole store again: a desk does this every minute of a rush. */
export async function saveQuick(fresh: Fresh): Promise<Kept> {
  const kept = await record(store, fresh, now());
  state.kept = [...state.kept, kept];
  state.counts = { ...state.counts, saved: state.counts.saved + 1, unsent: state.counts.unsent + 1 };
  state.drafts = state.drafts.filter((one) => one.id !== fresh.draft);
  state.settings = { ...state.settings, counter: { seq: kept.seq, hash: "" } };
  mark();
  others.postMessage("changed");
  void sendInBackground();
  loop.now();
  return kept;
}

/** The open store, for what is kept between two entries. */
export function opened(): Store {
  return store;
}

/** A photo that is still on the phone. */
export async function photo(sha256: string): Promise<Blob | undefined> {
  return (await store.get("blobs", sha256))?.blob;
}

export async function dropDraft(id: string): Promise<void> {
  drafts.drop();
  await store.write(["drafts"], (t) => t.remove("drafts", id));
  await reload(store);
}

export async function enrol(token: string): Promise<string> {
  const code = await begin(store, server, token, deviceLabel());
  await reload(store);
  return code;
}

export async function pollEnrolment(): Promise<Standing> {
  const answer = await poll(store, server);
  await reload(store);
  if (answer === "active") {
    state.evicted = null;
    enter();
    mark();
  }
  return answer;
}

/** Show the work; the token of an enrolment goes out of the address. */
export function enter(): void {
  history.replaceState(null, "", "#/today");
  route.value = read(location.hash);
  state.phase = "in";
  loop.now();
}

export async function setPin(pin: { salt: string; rounds: number; hash: string } | null): Promise<void> {
  await store.write(["settings"], (t) => (pin ? t.set("pin", pin) : t.remove("settings", "pin")));
  await reload(store);
}

export async function clearNotice(): Promise<void> {
  await store.write(["settings"], (t) => t.remove("settings", "notice"));
  await reload(store);
}

export function setLanguage(language: Language): void {
  state.language = language;
  localStorage.setItem("bulou-language", language);
  document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
  document.title = inWords(language, "app.name");
}

export async function switchToNewVersion(): Promise<void> {
  await drafts.flush();
  switchVersion();
}

let toastTimer: ReturnType<typeof setTimeout> | undefined;
export function toast(text: string): void {
  state.toast = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (state.toast = ""), 5000);
}

/** Ask where this phone is, to sort by distance; the worker asked for it. */
export function locate(): void {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => (state.here = [coords.latitude, coords.longitude]),
    () => toast(say("today.no_position")),
    { maximumAge: 60_000, timeout: 15_000 },
  );
}

function tick(): void {
  state.now = byServer(new Date(), state.settings.offset_ms);
}

function mark(): void {
  if (!state.me) return;
  const counter = state.settings.counter?.seq ?? 0;
  const waiting = state.kept.filter((one) => one.state === "saved").map((one) => one.seq);
  remember({ device: state.me.device, seq: counter, sent: waiting.length ? Math.min(...waiting) - 1 : counter });
}

async function lookForEviction(): Promise<void> {
  const marker = recall();
  if (!marker) return;
  if (!state.me) state.evicted = marker.seq - marker.sent;
  else if (state.me.device === marker.device) await giveUp(store, marker.seq);
}

async function keepStore(): Promise<void> {
  if (!navigator.storage?.persist) return;
  state.persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
}

async function keepOffline(): Promise<void> {
  try {
    switchVersion = await register(() => (state.updateReady = true));
    await navigator.serviceWorker.ready;
    state.offlineReady = await isOffline();
  } catch {
    state.offlineReady = false;
  }
}

function watchSight(): void {
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      hiddenAt = Date.now();
      void drafts.flush();
    } else if (hiddenAt && state.settings.pin && Date.now() - hiddenAt > LOCK_AFTER) {
      state.locked = true;
    }
  });
  addEventListener("offline", () => (state.line = "unreachable")); // not only once the next conversation fails
  addEventListener("pagehide", () => void drafts.flush());
}

function deviceLabel(): string {
  const model = /\(([^)]*)\)/.exec(navigator.userAgent)?.[1]?.split(";").at(-1)?.trim();
  return (model || navigator.platform || "phone").slice(0, 60);
}
