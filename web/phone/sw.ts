/// <reference lib="webworker" />
// Keeps the page, its scripts, the forms engine and its wasm for a day without a signal, and sends the outbox when the
// signal comes back while the app is closed.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";

import { Server } from "./server";
import { Store } from "./store";
import { Sync } from "./sync";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
const page = createHandlerBoundToURL("/phone/");

self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || !new URL(event.request.url).pathname.startsWith("/phone/")) return;
  event.respondWith(Promise.resolve(page({ request: event.request, event, url: new URL(event.request.url) })));
});

// A new version waits until the worker taps "new version": a form half filled in is not taken away.
self.addEventListener("message", (event) => {
  if (event.data === "switch") void self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("sync", ((event: ExtendableEvent & { tag: string }) => {
  if (event.tag === "outbox") event.waitUntil(send());
}) as EventListener);

async function send(): Promise<void> {
  const store = await Store.open();
  try {
    await new Sync(store, new Server(), () => new Date()).run();
  } finally {
    store.close();
    new BroadcastChannel("bulou").postMessage("synced");
  }
}
