// A room is known to the rest of the app by the list of rooms and by nothing else.
import { describe, expect, it } from "vitest";

import { rooms, roomFor, roomOf } from "../rooms";
import { read, write } from "../route";

const files = import.meta.glob("../{,parts/,screens/,form/**/}*.{ts,vue}", { query: "?raw", import: "default", eager: true }) as Record<string, string>;

describe("rooms", () => {
  it("are read by nobody but the list of them", () => {
    const leaks = Object.entries(files).filter(([name, text]) => name !== "../rooms.ts" && /["']\.{1,2}\/(\.\.\/)*desk\//.test(text));
    expect(leaks.map(([name]) => name)).toEqual([]);
  });

  it("have a name of their own that no screen has", () => {
    const names = rooms.map((room) => room.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(read(`#/${name}/post%3Ap`)).toEqual({ name: "room", room: name, subject: "post:p" });
  });

  it("are found by their address and by the cards opened in them", () => {
    expect(roomOf("desk")?.busy).toBe(true);
    expect(roomOf("nowhere")).toBeUndefined();
    expect(roomFor("post:p")?.name).toBe("post");
    expect(roomFor("household:h")).toBeUndefined();
    expect(write({ name: "room", room: "post", subject: "post:p" })).toBe("#/post/post%3Ap");
  });
});
