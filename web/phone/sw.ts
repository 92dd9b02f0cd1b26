/// <reference lib="webworker" />
// Keeps the page, its scripts, the forms engine and its wasm for a day without a signal, and sends the outbox when the
// signal comes back while the app is closed.
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";

import { Server } from "./server";
import { Store } from "./store";
import { Sync } from "./sync";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

// The page says "Vary: Cookie, Accept-Language", by which a kept copy would not be found again; it is the same for all.
addPlugins([
  {
    cacheWillUpdate: async ({ response }) => {
      if (response.status !== 200) return null;
      const headers = new Headers(response.headers);
      headers.delete("Vary");
      return new Response(await response.blob(), { status: 200, headers });
    },
  },
]);

// Before the precache's own listener: whatever of the app is opened, it is the one page.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.mode !== "navigate" || url.pathname !== "/phone/") return;
  event.stopImmediatePropagation();
  event.respondWith(Promise.resolve(page({ request, event, url })));
});
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
const page = createHandlerBoundToURL("/phone/");

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
