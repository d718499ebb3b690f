import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readComingDays } from "./read-coming-days.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-coming-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const HEADER = "Id,Store,DayOfWeek,Date,Open,Promo,StateHoliday,SchoolHoliday";
function file(...lines: string[]): string {
  const path = join(folder, "test.csv");
  writeFileSync(path, `${[HEADER, ...lines].join("\n")}\n`);
  return path;
}

test("rows keep the order of the file, and an empty Open is open", async () => {
  const days = await readComingDays(
    file("7,2,6,2015-06-20,1,0,0,1", "3,1,6,2015-06-20,,1,a,0", "5,1,7,2015-06-21,0,,c,0"),
  );
  expect(days).toEqual({
    rowIds: Float64Array.of(7, 3, 5),
    storeIds: Int32Array.of(2, 1, 1),
    dayNumbers: Int32Array.of(16_606, 16_606, 16_607),
    open: Uint8Array.of(1, 1, 0),
    promo: Uint8Array.of(0, 1, 255),
    schoolHoliday: Uint8Array.of(1, 0, 0),
    stateHoliday: Uint8Array.of(0, 1, 3),
  });
});

test("a row that cannot be read is refused with its line", async () => {
  await expect(readComingDays(file("1,1,6,2015-06-20,1,0,0,1", "2,1,7,31/02/2015,1,0,0,1"))).rejects.toThrow(
    /1 of 2 rows cannot be read; the first: line 3, .*31\/02\/2015/,
  );
});

test("a row without an Id is refused, since its answer would have no name", async () => {
  await expect(readComingDays(file(",1,6,2015-06-20,1,0,0,1"))).rejects.toThrow(/data row 1 has an empty Id/);
});
