import { describe, expect, test } from "vitest";
import { createAnswerCache } from "./answer-cache.ts";

function counted() {
  const asked: string[] = [];
  const compute = (key: string) => async () => {
    asked.push(key);
    return key.toUpperCase();
  };
  return { asked, compute };
}

describe("createAnswerCache", () => {
  test("computes an answer once, also for questions that come together", async () => {
    const { asked, compute } = counted();
    const cache = createAnswerCache<string>(2);
    expect(await Promise.all([cache.get("a", compute("a")), cache.get("a", compute("a"))])).toEqual([
      "A",
      "A",
    ]);
    expect(await cache.get("a", compute("a"))).toBe("A");
    expect(asked).toEqual(["a"]);
  });

  test("forgets the one not asked for the longest", async () => {
    const { asked, compute } = counted();
    const cache = createAnswerCache<string>(2);
    for (const key of ["a", "b", "a", "c", "a", "b"]) await cache.get(key, compute(key));
    expect(asked).toEqual(["a", "b", "c", "b"]);
  });

  test("keeps no failure", async () => {
    const cache = createAnswerCache<string>(2);
    await expect(cache.get("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await cache.get("a", async () => "A")).toBe("A");
  });
});
