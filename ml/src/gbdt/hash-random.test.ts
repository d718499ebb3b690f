import { expect, test } from "vitest";
import { LARGEST_NORMAL, normalAt, randomKey, uniformAt } from "./hash-random.ts";

const COUNT = 200_000;

test("uniformAt fills [0, 1) evenly, and neighbouring counters and keys are unrelated", () => {
  for (const key of [randomKey(0, 0), randomKey(0, 1), randomKey(2 ** 40, 7)]) {
    const buckets = new Int32Array(64);
    let related = 0;
    for (let i = 0; i < COUNT; i++) {
      const value = uniformAt(key, i);
      expect(value).toBeLessThan(1);
      buckets[Math.floor(value * 64)]++;
      related += (value - 0.5) * (uniformAt(key, i + 1) - 0.5);
    }
    // Chi square with 63 degrees of freedom stays below 120 but once in a hundred thousand times.
    const expected = COUNT / 64;
    expect(buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(120);
    expect(Math.abs((12 * related) / COUNT)).toBeLessThan(0.012);
  }
});

test("normalAt has mean 0 and variance 1 and stays within LARGEST_NORMAL", () => {
  const key = randomKey(5, 1, 2);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < COUNT; i++) {
    const value = normalAt(key, i);
    expect(Math.abs(value)).toBeLessThan(LARGEST_NORMAL);
    sum += value;
    squares += value * value;
  }
  expect(Math.abs(sum / COUNT)).toBeLessThan(0.012);
  expect(Math.abs(squares / COUNT - 1)).toBeLessThan(0.02);
  expect(Math.sqrt(-2 * Math.log(2 ** -32))).toBeLessThan(LARGEST_NORMAL);
});

test("seeds that differ only above 32 bits give other keys", () => {
  expect(randomKey(1)).not.toBe(randomKey(1 + 2 ** 32));
});
