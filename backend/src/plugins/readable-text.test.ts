import { expect, test } from "vitest";
import { isReadable } from "./readable-text.ts";

test.each([[undefined], [null], [7], ["Öl 売上 😀"], [{ a: [{ b: "c" }] }]])("%j is readable", (value) =>
  expect(isReadable(value)).toBe(true),
);

test.each([["\0"], ["a\ud800b"], [["a", { b: "c\0" }]], [{ "a\0": 1 }], [{ a: { b: ["\udc00"] } }]])(
  "%j is not",
  (value) => expect(isReadable(value)).toBe(false),
);

test("a body that is nested a hundred thousand deep is looked through", () => {
  const deep = (core: string) => JSON.parse(`${"[".repeat(100_000)}${core}${"]".repeat(100_000)}`);
  expect(isReadable(deep("1"))).toBe(true);
  expect(isReadable(deep('"\\u0000"'))).toBe(false);
});
