import { createRandom } from "@rossmann/core";
import { expect, test } from "vitest";
import {
  circuitPauseMs,
  DEFAULT_CIRCUIT,
  DEFAULT_SCHEDULE_MS,
  exponentialSchedule,
  parseRetryAfter,
  retryDelayMs,
} from "./backoff.ts";

const failure = { isOverload: false, retryAfterMs: null };

test("W6: over the whole schedule each delay is within 20 % of its plan, and it ends after eight attempts", () => {
  const random = createRandom(6);
  let clock = 0;
  for (let round = 0; round < 500; round++) {
    clock = 0;
    for (let attempt = 1; ; attempt++) {
      const delay = retryDelayMs(DEFAULT_SCHEDULE_MS, { ...failure, attempt }, random);
      if (delay === null) {
        expect(attempt).toBe(8);
        break;
      }
      const planned = DEFAULT_SCHEDULE_MS[attempt - 1]!;
      expect(delay).toBeGreaterThanOrEqual(planned * 0.8 - 1);
      expect(delay).toBeLessThanOrEqual(planned * 1.2 + 1);
      clock += delay;
    }
    expect(clock / 3_600_000).toBeGreaterThan(27.58 * 0.8);
    expect(clock / 3_600_000).toBeLessThan(27.59 * 1.2);
  }
});

test("delays differ, so that failed deliveries do not come back at one moment", () => {
  const random = createRandom(1);
  const delays = Array.from({ length: 50 }, () => retryDelayMs([60_000], { ...failure, attempt: 1 }, random));
  expect(new Set(delays).size).toBeGreaterThan(45);
});

test("an overloaded receiver gets at least a minute", () => {
  expect(retryDelayMs([5_000], { attempt: 1, isOverload: true, retryAfterMs: null }, createRandom(1))).toBe(
    60_000,
  );
});

test("Retry-After is honoured between the scheduled delay and twice that", () => {
  const flat = { ...createRandom(1), uniform: () => 0.5 };
  const delay = (retryAfterMs: number) =>
    retryDelayMs([100_000], { attempt: 1, isOverload: false, retryAfterMs }, flat);
  expect(delay(10_000)).toBe(100_000);
  expect(delay(150_000)).toBe(150_000);
  expect(delay(9e9)).toBe(200_000);
});

test.each([
  ["120", 120_000],
  ["Wed, 21 Oct 2015 07:29:00 GMT", 60_000],
  ["Wed, 21 Oct 2015 07:00:00 GMT", 0],
  ["soon", null],
  ["-5", null],
  ["1e9", null],
  [undefined, null],
])("Retry-After %j is %j ms", (header, ms) => {
  expect(parseRetryAfter(header, Date.parse("2015-10-21T07:28:00Z"))).toBe(ms);
});

test("waits double and stop at a day", () => {
  expect(exponentialSchedule(5, 30_000)).toEqual([30_000, 60_000, 120_000, 240_000]);
  expect(exponentialSchedule(30, 30_000).at(-1)).toBe(86_400_000);
  expect(exponentialSchedule(1, 30_000)).toEqual([]);
});

test("the circuit opens at the fifth failure in a row and its pauses grow to a quarter of an hour", () => {
  expect([4, 5, 6, 7, 100].map((failures) => circuitPauseMs(DEFAULT_CIRCUIT, failures))).toEqual([
    0, 30_000, 60_000, 120_000, 900_000,
  ]);
});
