import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the files of a test. */
export function testFolder(): {
  path: (name: string) => string;
  write: (name: string, content: string | Buffer) => string;
  remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), "etl-test-"));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const TRAIN_HEADER = "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday";
export const STORE_HEADER =
  "Store,StoreType,Assortment,CompetitionDistance,CompetitionOpenSinceMonth,CompetitionOpenSinceYear,Promo2,Promo2SinceWeek,Promo2SinceYear,PromoInterval";
export const FUTURE_HEADER = "Id,Store,DayOfWeek,Date,Open,Promo,StateHoliday,SchoolHoliday";

/** A file of lines. */
export const csv = (header: string, ...lines: string[]) => `${[header, ...lines].join("\n")}\n`;

/** A store file with these stores. */
export const storesCsv = (...ids: number[]) => csv(STORE_HEADER, ...ids.map((id) => `${id},a,a,100,,,0,,,`));
