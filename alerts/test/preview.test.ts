import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { previewPolicy } from "../src/index.ts";
import { addRun, policiesOf } from "./parts.ts";

const NOW = new Date("2026-03-31T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  // Blocked 60, 30 and 29 days ago: with a window of 7 days that is one firing of 7 days and one of 8.
  for (const days of [60, 30, 29]) await addRun(database.db, { blocked: true, at: daysAgo(days) });
  for (const days of [80, 45, 10]) await addRun(database.db, { at: daysAgo(days) });
});
afterAll(() => database.close());

const preview = (line: string, days = 90) =>
  previewPolicy(database.db, policiesOf(line).policies[0]!, { days, now: NOW });

test("a policy would have fired as often as its condition began to hold, and until its window had passed", async () => {
  const found = (await preview(
    '{id: b, metric_type: blocked_count, operator: ">=", threshold: 1, window_days: 7}',
  ))!;
  expect(found.isComplete).toBe(true);
  expect(
    found.firings.map(({ firedAt, resolvedAt }) => [
      firedAt,
      Math.round((resolvedAt!.getTime() - firedAt.getTime()) / 86_400_000),
    ]),
  ).toEqual([
    [daysAgo(60), 7],
    [daysAgo(30), 8],
  ]);
});

test("for and the length of time that is looked at count", async () => {
  expect(
    (await preview(
      '{id: b, metric_type: blocked_count, operator: ">=", threshold: 1, window_days: 7, for: 7d12h}',
    ))!.firings,
  ).toMatchObject([{ firedAt: new Date(daysAgo(30).getTime() + 7.5 * 86_400_000) }]);
  expect(
    (await preview('{id: b, metric_type: blocked_count, operator: ">=", threshold: 1, window_days: 7}', 20))!
      .firings,
  ).toEqual([]);
});

test("metrics of the business have no past to look at", async () => {
  expect(await preview('{id: w, metric_type: forecast_wape, operator: ">", threshold: 1}')).toBeNull();
});
