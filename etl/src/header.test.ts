import { describe, expect, it } from "vitest";
import { readHeader } from "./header.ts";
import { FUTURE, STORE, TRAIN } from "./source-specs.ts";

const KAGGLE = "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday";

describe("readHeader", () => {
  it.each([
    [",", KAGGLE],
    [";", KAGGLE.replaceAll(",", ";")],
    ["\t", KAGGLE.replaceAll(",", "\t")],
    [",", `"${KAGGLE.replaceAll(",", '","')}"`],
    [",", " store_id , DAY_OF_WEEK,full_date,sales,customers,open,promo,state_holiday,school_holiday"],
  ])("finds the delimiter %j and every column of %s", (delimiter, line) => {
    const header = readHeader(line, "train.csv", TRAIN);
    expect(header).toMatchObject({ delimiter, width: 9, absent: [], unknown: [] });
    expect(Object.fromEntries(header.positions)).toMatchObject({
      store_id: 0,
      full_date: 2,
      sales: 3,
      open: 5,
    });
  });

  it("takes columns in any order, and tells of those it does not know or miss", () => {
    const header = readHeader("Date;Weather;Store;Sales", "train.csv", TRAIN);
    expect(Object.fromEntries(header.positions)).toEqual({ full_date: 0, store_id: 2, sales: 3 });
    expect(header.unknown).toEqual(["Weather"]);
    expect(header.absent.map((column) => column.name)).toEqual([
      "customers",
      "promo",
      "state_holiday",
      "school_holiday",
      "open",
    ]);
  });

  it("reads the store file and the future file by their own names", () => {
    expect(readHeader("Store,StoreType", "store.csv", STORE).positions.size).toBe(2);
    expect(
      readHeader("Id,Store,DayOfWeek,Date,Open", "test.csv", FUTURE).positions.get("source_row_id"),
    ).toBe(0);
  });

  it("refuses a file without a column it cannot do without, naming both ways to write it", () => {
    expect(() => readHeader("Store,Date,Revenue", "train.csv", TRAIN)).toThrow(
      'train.csv has no column Sales (or sales); its header is "Store,Date,Revenue"',
    );
  });

  it("refuses a column that stands twice, also under its other name", () => {
    expect(() => readHeader("Store,Date,Sales,store_id", "train.csv", TRAIN)).toThrow(
      "train.csv has the column store_id twice: keep one of them",
    );
  });

  it.each(["Store|Date|Sales", "", "\u0001\u0002", "1,5,2015-07-31,5263"])("refuses %j", (line) => {
    expect(() => readHeader(line, "train.csv", TRAIN)).toThrow(/train\.csv (line 1 is|has no column)/);
  });
});
