import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeSample } from "./sample.ts";

const root = mkdtempSync(join(tmpdir(), "sample-"));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const folder = () => join(root, String(folders++));

const rowsOf = (path: string) => {
  const [header = "", ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = header.replaceAll('"', "").split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell])));
};
const checksum = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const chain = await writeSample(folder(), {});
const train = rowsOf(chain.train);
const open = train.filter((row) => row.Open === "1");
const salesWhere = (test: (row: Record<string, string>) => boolean) =>
  mean(open.filter(test).map((row) => Number(row.Sales)));

describe("writeSample", () => {
  it("writes about 60 shops over 2.6 years, newest day first, and 42 days to come", () => {
    expect(chain).toMatchObject({
      stores: 60,
      dateFrom: "2013-01-01",
      dateTo: "2015-07-31",
      futureRows: 60 * 42,
      dirtyRows: 0,
    });
    expect(train).toHaveLength(chain.trainRows);
    expect(train[0]?.Date).toBe("2015-07-31");
    const future = rowsOf(chain.future);
    expect(new Set(future.map((row) => row.Date)).size).toBe(42);
    expect(future.map((row) => Number(row.Id))).toEqual(future.map((_, i) => i + 1));
    expect(readdirSync(join(chain.train, "..")).sort()).toEqual(["store.csv", "test.csv", "train.csv"]);
  });

  it("is decided by its seed to the last byte", async () => {
    const options = { stores: 5, days: 60, seed: 8, dirtyCells: 3 };
    const [one, same, other] = [
      await writeSample(folder(), options),
      await writeSample(folder(), options),
      await writeSample(folder(), { ...options, seed: 9 }),
    ];
    for (const file of ["train", "store", "future"] as const)
      expect(checksum(one[file])).toBe(checksum(same[file]));
    expect(checksum(one.train)).not.toBe(checksum(other.train));
  });

  it("looks like a chain: closed shops sell nothing, Sundays and public holidays are closed in most", () => {
    for (const row of train) if (row.Open === "0") expect([row.Sales, row.Customers]).toEqual(["0", "0"]);
    const sundays = train.filter((row) => row.DayOfWeek === "7");
    expect(sundays.filter((row) => row.Open === "1").length / sundays.length).toBeLessThan(0.06);
    expect(sundays.some((row) => row.Open === "1")).toBe(true);
    const christmas = train.filter((row) => row.Date === "2014-12-25");
    expect(christmas.every((row) => row.StateHoliday === "c")).toBe(true);
    expect(train.filter((row) => row.Date === "2014-04-18").every((row) => row.StateHoliday === "b")).toBe(
      true,
    );
  });

  it("has promotions every second week, Monday to Friday, the same in every shop, and they sell", () => {
    const promoDays = new Set(train.filter((row) => row.Promo === "1").map((row) => row.Date));
    expect(train.every((row) => (row.Promo === "1") === promoDays.has(row.Date))).toBe(true);
    expect(train.filter((row) => row.Promo === "1").every((row) => Number(row.DayOfWeek) <= 5)).toBe(true);
    const uplift =
      salesWhere((row) => row.Promo === "1") /
      salesWhere((row) => row.Promo === "0" && Number(row.DayOfWeek) <= 5);
    expect(uplift).toBeGreaterThan(1.15);
    expect(uplift).toBeLessThan(1.6);
  });

  it("has a December peak, school holidays, and shops that were rebuilt", () => {
    expect(
      salesWhere((row) => row.Date?.slice(5, 7) === "12") /
        salesWhere((row) => row.Date?.slice(5, 7) !== "12"),
    ).toBeGreaterThan(1.1);
    const school = train.filter((row) => row.SchoolHoliday === "1").length / train.length;
    expect(school).toBeGreaterThan(0.1);
    expect(school).toBeLessThan(0.3);
    expect(chain.trainRows).toBeLessThan(60 * 942);
    const longestRest = Math.max(
      ...[...Map.groupBy(train, (row) => row.Store).values()].map((rows) => {
        let longest = 0;
        let run = 0;
        for (const row of rows) {
          run = row.Open === "0" ? run + 1 : 0;
          longest = Math.max(longest, run);
        }
        return longest;
      }),
    );
    expect(longestRest).toBeGreaterThanOrEqual(14);
  });

  it("keeps a shop's history whatever the number of days after it spoiled", async () => {
    const clean = await writeSample(folder(), { stores: 6, days: 90, seed: 5 });
    const dirty = await writeSample(folder(), { stores: 6, days: 90, seed: 5, dirtyCells: 16 });
    expect(dirty).toMatchObject({ trainRows: clean.trainRows, dirtyRows: 16 });
    const lines = (path: string) => readFileSync(path, "utf8").split("\n");
    const theirs = lines(dirty.train);
    const differing = lines(clean.train).filter((line, i) => line !== theirs[i]);
    expect(differing.length).toBeGreaterThanOrEqual(16);
  });
});
