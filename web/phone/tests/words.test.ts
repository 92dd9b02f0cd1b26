import { describe as about, expect, it } from "vitest";

import { dictionaries, either, inWords } from "../words";

const screens = import.meta.glob("../{,parts/,screens/,desk/}*.vue", { query: "?raw", import: "default", eager: true }) as Record<string, string>;
const scripts = import.meta.glob("../{,parts/,screens/,desk/}*.{ts,vue}", { query: "?raw", import: "default", eager: true }) as Record<string, string>;
const { zh_Hans: zh, en } = dictionaries;

about("the words", () => {
  it("are the same in both languages, none empty, with the same blanks to fill in", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(zh[key].trim(), key).not.toBe("");
      expect(en[key].trim(), key).not.toBe("");
      expect(blanks(en[key]), key).toEqual(blanks(zh[key]));
    }
  });

  it("are English in English and Chinese in Chinese", () => {
    for (const [key, text] of Object.entries(en)) if (key !== "app.other_language") expect(text, key).not.toMatch(/\p{Script=Han}/u);
    for (const [key, text] of Object.entries(zh)) if (key !== "app.other_language") expect(text, key).toMatch(/\p{Script=Han}/u);
  });

  it("are all used, and none stands in a screen itself", () => {
    const source = Object.entries(scripts).filter(([path]) => !path.includes("/words/")).map(([, text]) => text).join("\n");
    for (const key of Object.keys(zh)) expect(source, `${key} is never said`).toContain(`"${key}"`.replaceAll('"', source.includes(`'${key}'`) ? "'" : '"'));
    for (const [path, text] of Object.entries(screens)) {
      const template = text.slice(text.indexOf("<template>")).replace(/>中文<|>English</g, "><");
      expect(template.match(/\p{Script=Han}+/u)?.[0], path).toBeUndefined();
      const bare = [...template.replace(/<!--.*?-->/gs, "").matchAll(/>([^<>{}]*[A-Za-z]{3,}[^<>{}]*)</g)].map((found) => found[1]);
      expect(bare, path).toEqual([]);
    }
  });

  it("take numbers, and fall back to the other language of the server's words", () => {
    expect(inWords("en", "status.unsent", { n: 3 })).toBe("Not sent 3");
    expect(either({ zh_Hans: "入户" }, "en")).toBe("入户");
    expect(either(null, "en")).toBe("");
  });
});
