// The service worker: keeps the app for a day without a signal, and says when a new version is ready.

const WORKER = "/phone/sw.js";

/** Register it; `ready` is told when a new version waits. Returns what switches to that version. */
export async function register(ready: () => void): Promise<() => void> {
  if (!("serviceWorker" in navigator)) return () => undefined;
  const registration = await navigator.serviceWorker.register(WORKER, { scope: "/phone/" });
  let switching = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (switching) location.reload();
  });
  const look = () => registration.waiting && navigator.serviceWorker.controller && ready();
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  setInterval(() => void registration.update().catch(() => undefined), 60 * 60_000);
  return () => {
    switching = true;
    registration.waiting?.postMessage("switch");
  };
}

/** Ask the browser to wake the worker once there is a signal, also when the app is closed. */
export async function sendInBackground(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration("/phone/")) as
    | (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } })
    | undefined;
  await registration?.sync?.register("outbox").catch(() => undefined);
}

/** Whether everything needed offline is on the phone. */
export async function isOffline(): Promise<boolean> {
  const registration = await navigator.serviceWorker?.getRegistration("/phone/");
  return Boolean(registration?.active);
}
