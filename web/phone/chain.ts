// What exactly is signed, and how one entry names the one before it.
import { sha256, utf8 } from "./bytes";
import type { WireEntry } from "./wire";

export type Unsigned = Omit<WireEntry, "signature">;

/** The text whose bytes are signed. `body` is the JSON text as it is sent, so that nobody has to write it again. */
export function signedText(entry: Unsigned, by: string, device: string): string {
  const lines = [
    entry.mark ? "bulou-entry-2" : "bulou-entry-1",
    entry.id,
    entry.kind,
    entry.version,
    entry.subject,
    entry.area,
    entry.happened_at,
    entry.recorded_at,
    by,
    device,
    entry.seq,
    entry.prev_hash,
    entry.amends ?? "",
    ...(entry.mark ? [entry.mark, entry.ahead_ms ?? 0] : []),
    entry.body,
  ];
  return lines.join("\n");
}

/** The name by which the next entry of the device refers to this one. */
export async function chainHash(text: string): Promise<string> {
  return sha256(utf8(text));
}
