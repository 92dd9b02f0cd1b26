// Where in the app: the part of the address after #, so that the phone's own back button works.
import { shallowRef } from "vue";

export type Route =
  | { name: "today" | "find" | "outbox" | "me" | "pin" }
  | { name: "card"; subject: string }
  | { name: "room"; room: string; subject: string }
  | { name: "entry"; seq: number }
  | { name: "form"; kind: string; subject: string; duty: string; lane: string; amends: number | null };

export const route = shallowRef<Route>({ name: "today" });

export function read(hash: string): Route {
  const [name = "", ...parts] = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (name === "card" && parts[0]) return { name, subject: parts[0] };
  if (name === "entry" && parts[0]) return { name, seq: Number(parts[0]) };
  if (name === "form" && parts[0] && parts[1]) {
    const [kind, subject, duty = "", lane = "", amends = ""] = parts as [string, string, ...string[]];
    return { name, kind, subject, duty, lane, amends: amends ? Number(amends) : null };
  }
  if (name === "find" || name === "outbox" || name === "me" || name === "pin") return { name };
  if (name && name !== "today" && parts[0]) return { name: "room", room: name, subject: parts[0] };
  return { name: "today" };
}

export function write(to: Route): string {
  const parts: (string | number)[] = [to.name === "room" ? to.room : to.name];
  if (to.name === "card" || to.name === "room") parts.push(to.subject);
  if (to.name === "entry") parts.push(to.seq);
  if (to.name === "form") parts.push(to.kind, to.subject, to.duty, to.lane, to.amends ?? "");
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function go(to: Route): void {
  location.hash = write(to);
}

/** Leave a form: back to where it was opened from, or to Today if it was opened by its address. */
export function leave(): void {
  if (history.length > 1) history.back();
  else go({ name: "today" });
}

export function follow(): void {
  addEventListener("hashchange", () => {
    route.value = read(location.hash);
    scrollTo(0, 0);
  });
  route.value = read(location.hash);
}
