// Judges hostile texts by the patterns given, as a phone would, and tells the longest time of each in milliseconds.
import { readFileSync } from "node:fs";

const PUMPS = ["a", "b", "ab", "1", "a ", "aab", " ", "c"];
const TAILS = ["", "\n", "!"];
const LENGTH = 1000;
const longest = {};
for (const pattern of JSON.parse(readFileSync(0, "utf8"))) {
  const regex = new RegExp(pattern);
  longest[pattern] = 0;
  for (const pump of PUMPS)
    for (const tail of TAILS) {
      const text = pump.repeat(LENGTH).slice(0, LENGTH) + tail;
      const began = performance.now();
      regex.test(text);
      longest[pattern] = Math.max(longest[pattern], performance.now() - began);
    }
}
console.log(JSON.stringify(longest));
