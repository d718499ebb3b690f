import { expect, test } from "vitest";
import { createRandom } from "./random.ts";

const draws = (seed: number, n: number) => {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => random.uniform());
};

test("the same seed gives the same draws, another seed others", () => {
  expect(draws(7, 5)).toEqual(draws(7, 5));
  expect(draws(7, 5)).not.toEqual(draws(8, 5));
});

test("normal has mean 0 and standard deviation 1", () => {
  const random = createRandom(1);
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
});

test("integer includes both ends and nothing beyond", () => {
  const random = createRandom(3);
  const seen = new Set(Array.from({ length: 500 }, () => random.integer(2, 4)));
  expect([...seen].sort()).toEqual([2, 3, 4]);
});
