import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { jsonArrayStream, startReading } from "./json-stream.ts";

/** Batches that count how many were asked for and whether their reading was ended. */
function watched(batches: readonly number[][], failAt = -1) {
  const seen = { asked: 0, ended: false };
  async function* read() {
    try {
      for (const batch of batches) {
        if (seen.asked === failAt) throw new Error("gone");
        seen.asked++;
        yield batch;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, read };
}

const row = (n: number) => ({ n });

describe("jsonArrayStream", () => {
  test.each([
    { batches: [], expected: [] },
    { batches: [[]], expected: [] },
    { batches: [[1]], expected: [1] },
    { batches: [[1, 2], [], [3]], expected: [1, 2, 3] },
    { batches: [[], [1]], expected: [1] },
  ])("writes $batches as one array", async ({ batches, expected }) => {
    const { read } = watched(batches);
    expect(JSON.parse(await text(jsonArrayStream(read(), row)))).toEqual(expected.map(row));
  });

  test("asks for no further batch while nobody reads", async () => {
    const { seen, read } = watched(
      Array.from({ length: 1000 }, () => Array.from({ length: 1000 }, (_, n) => n)),
    );
    const stream = jsonArrayStream(read(), row);
    stream.read(0);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    // A thousand rows are some 9 KB; 64 KiB may wait.
    expect(seen.asked).toBeGreaterThan(0);
    expect(seen.asked).toBeLessThan(12);
    stream.destroy();
  });

  test.each([0, 1])("ends the reading when the client leaves after %i reads", async (reads) => {
    const { seen, read } = watched(
      Array.from({ length: 1000 }, () => Array.from({ length: 1000 }, (_, n) => n)),
    );
    const stream = jsonArrayStream(await startReading(read()), row);
    for (let n = 0; n < reads; n++) await new Promise((resolve) => stream.once("readable", resolve));
    const closed = new Promise((resolve) => stream.once("close", resolve));
    stream.destroy();
    await closed;
    expect(seen.ended).toBe(true);
  });

  test("breaks off when the source fails on the way, so that half an array never looks whole", async () => {
    const { read } = watched([[1], [2]], 1);
    await expect(text(jsonArrayStream(read(), row))).rejects.toThrow("gone");
  });
});

describe("startReading", () => {
  test("throws what fails at once", async () => {
    const { read } = watched([[1]], 0);
    await expect(startReading(read())).rejects.toThrow("gone");
  });

  test("loses no batch and repeats none", async () => {
    const { read } = watched([[1], [2], [3]]);
    expect(JSON.parse(await text(jsonArrayStream(await startReading(read()), row)))).toEqual(
      [1, 2, 3].map(row),
    );
  });
});
