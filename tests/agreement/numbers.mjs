// What the phone reads of numbers: [[text, whole]] in the file named first, [{number, suggested}] in that named second.
import { readFileSync, writeFileSync } from "node:fs";

const { numberOf, suggested } = await import(new URL("../../web/phone/form/numbers.ts", import.meta.url));
const asked = JSON.parse(readFileSync(process.argv[2], "utf8"));
const read = ([text, whole]) => ({ number: numberOf(text, whole) ?? (numberOf(text, whole) === null ? "nothing" : "none"), suggested: suggested(text) ?? null });
writeFileSync(process.argv[3], JSON.stringify(asked.map(read)));
