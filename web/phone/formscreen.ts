// The forms half, fetched when the first form is opened (and kept by the service worker before that).
import { defineAsyncComponent } from "vue";

const load = () => import("./form");

export const FormScreen = defineAsyncComponent(load);

/** Have it ready before the first tap: its engine takes a cheap phone a second or two. */
export function warmUp(): void {
  const soon = globalThis.requestIdleCallback ?? ((body: () => void) => setTimeout(body, 3000));
  soon(() => void load().catch(() => undefined), { timeout: 10_000 });
}
