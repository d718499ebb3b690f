import type { ContractVersionDetail } from "@rossmann/backend";
import { expect, test } from "vitest";
import { answerContracts } from "../../../test/fake-contracts.ts";
import { guessFile, previewFile } from "./preview-file.ts";

const path = "/contracts/rossmann_input_contract/versions/v1";
const answer = answerContracts("GET", path, new URLSearchParams()) as { body: ContractVersionDetail };
const { profiles } = answer.body;
const train = profiles.train ?? null;

test("headers are understood by the contract's other spellings, whatever their case; the separator is found", () => {
  const preview = previewFile(
    "\uFEFFFiliale;Wochentag;datum;Umsatz;Wetter\r\n1;5;31.07.2015;5263;sonnig\r\n1;4;30.07.2015;5020;\r\n",
    train,
  );
  expect(preview.delimiter).toBe(";");
  expect(preview.columns).toEqual([
    { header: "Filiale", canonical: "store_id" },
    { header: "Wochentag", canonical: "day_of_week" },
    { header: "datum", canonical: "full_date" },
    { header: "Umsatz", canonical: "sales" },
    { header: "Wetter", canonical: null },
  ]);
  expect(preview.rows).toEqual([
    ["1", "5", "31.07.2015", "5263", "sonnig"],
    ["1", "4", "30.07.2015", "5020", ""],
  ]);
  expect(preview.missing).toEqual([]);
});

test("a required column without a header is named", () => {
  expect(previewFile("Store,Date\n1,2015-07-31\n", train).missing).toEqual(["day_of_week", "sales"]);
});

test("a quoted cell may hold the separator and doubled quotes; the first three rows are shown", () => {
  const preview = previewFile('a,"b,c","d ""e"""\n1,"2,5",x\n1,2,3\n1,2,3\n4,', null);
  expect(preview.columns.map((column) => column.header)).toEqual(["a", "b,c", 'd "e"']);
  expect(preview.rows).toEqual([
    ["1", "2,5", "x"],
    ["1", "2", "3"],
    ["1", "2", "3"],
  ]);
});

test("an empty file has one empty header and no row", () => {
  expect(previewFile("", null)).toMatchObject({ columns: [{ header: "", canonical: null }], rows: [] });
});

test("guessFile tells sales, stores and coming days apart, and gives up on anything else", () => {
  expect(guessFile("Store,DayOfWeek,Date,Sales,Customers,Open\n", profiles)).toBe("train");
  expect(guessFile("Store,StoreType,CompetitionDistance\n", profiles)).toBe("store");
  expect(guessFile("Store,Date,Open\n", profiles)).toBe("future");
  expect(guessFile("name;price\n", profiles)).toBeNull();
});
