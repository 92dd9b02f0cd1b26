// What the phone remembers outside its store, twice, to notice that the browser has cleared the store.

export interface Marker {
  device: string;
  /** The last number used, and the last one the server has a receipt for. */
  seq: number;
  sent: number;
}

const NAME = "bulou-marker";
const YEAR = 365 * 24 * 3600;

export function remember(marker: Marker): void {
  const text = `${marker.device}.${marker.seq}.${marker.sent}`;
  try {
    localStorage.setItem(NAME, text);
  } catch {
    // full or forbidden: the cookie is the second memory
  }
  document.cookie = `${NAME}=${text}; max-age=${YEAR}; path=/phone/; samesite=strict`;
}

export function recall(): Marker | null {
  let text: string | null = null;
  try {
    text = localStorage.getItem(NAME);
  } catch {
    // forbidden
  }
  const both = [text, new RegExp(`(?:^|; )${NAME}=([^;]*)`).exec(document.cookie)?.[1]].map((one) => read(one ?? ""));
  const [a, b] = [both[0] ?? null, both[1] ?? null];
  if (a && b) return a.device !== b.device || a.seq >= b.seq ? a : b;
  return a ?? b;
}

export function read(text: string): Marker | null {
  const parts = /^([0-9A-Za-z-]+)\.(\d+)\.(\d+)$/.exec(text);
  return parts ? { device: parts[1]!, seq: Number(parts[2]), sent: Number(parts[3]) } : null;
}

export function forgetMarker(): void {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // forbidden
  }
  document.cookie = `${NAME}=; max-age=0; path=/phone/; samesite=strict`;
}
