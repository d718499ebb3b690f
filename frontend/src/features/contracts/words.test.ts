import { expect, test } from "vitest";
import type { ContractColumn } from "../../lib/api-types.ts";
import { either, fileSentences, profileSentences, sentenceCase, typeWord, valueWords } from "./words.ts";

const column = (given: Partial<ContractColumn>): ContractColumn => ({
  canonical_name: "sales",
  dtype: "float",
  required: true,
  nullable: false,
  aliases: [],
  description: null,
  formats: [],
  min: null,
  max: null,
  allowed_values: null,
  max_length: null,
  sensitive: false,
  severity: "FAIL",
  ...given,
});

test("either joins words as one speaks", () => {
  expect([either([]), either(["a"]), either(["a", "b"]), either(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a or b",
    "a, b or c",
  ]);
});

test("valueWords names lists, bounds, length and ways to write a date; nothing when anything goes", () => {
  expect(valueWords(column({}))).toBe("");
  expect(valueWords(column({ allowed_values: [0, 1] }))).toBe("0 or 1");
  expect(valueWords(column({ min: 0 }))).toBe("0 or more");
  expect(valueWords(column({ max: 7 }))).toBe("at most 7");
  expect(valueWords(column({ min: 1, max: 2147483647 }))).toBe("1 to 2,147,483,647");
  expect(valueWords(column({ max_length: 16 }))).toBe("up to 16 characters");
  expect(
    valueWords(column({ min: "2000-01-01", max: "2100-12-31", formats: ["YYYY-MM-DD", "DD.MM.YYYY"] })),
  ).toBe("2000-01-01 to 2100-12-31; written YYYY-MM-DD or DD.MM.YYYY");
});

test("a type that is not known keeps its own name", () => {
  expect([typeWord("int"), typeWord("money")]).toEqual(["whole number", "money"]);
});

test("fileSentences says how a file is made and how an empty cell may be written", () => {
  const limits = { max_rows: 1000, max_file_size_mb: 5, max_columns: 9, max_line_bytes: 100 };
  const csv = {
    extensions: [".csv"],
    encodings: ["utf-8" as const],
    delimiters: ["," as const, ";" as const, "\t" as const],
    decimal_separator: "." as const,
    null_values: ["NA"],
    multiline_cells: false,
  };
  expect(fileSentences({ limits, csv })).toBe(
    "A CSV file in UTF-8, its cells separated by comma, semicolon or tab, with a header in its first line, at most 1,000 rows and 5 MB. An empty cell may also be written NA.",
  );
  expect(fileSentences({ limits, csv: { ...csv, null_values: [] } })).not.toMatch(/empty cell/);
});

test("profileSentences says what happens to doubled rows, foreign columns and ragged rows", () => {
  const profile = {
    required_columns: [],
    aliases: {},
    dtypes: {},
    description: null,
    key: ["store_id", "full_date"],
    duplicates: "keep_first" as const,
    unknown_columns: { policy: "fail" as const, keep: false },
    ragged_rows: "WARN" as const,
    columns: [],
    rules: [],
  };
  expect(profileSentences(profile)).toEqual([
    "One row per store_id and full_date.",
    "Of rows with the same key the first is kept, the others are set aside.",
    "Other columns refuse the file.",
    "A row with too many or too few cells is set aside.",
  ]);
  expect(profileSentences({ ...profile, key: [], duplicates: "allow" as const })).toHaveLength(2);
});

test("sentenceCase leaves names of columns and paths as they are", () => {
  expect(
    ["sales is 0 or more", "day_of_week is one of 1, 2", "csv.encodings no longer has x"].map(sentenceCase),
  ).toEqual(["Sales is 0 or more", "day_of_week is one of 1, 2", "csv.encodings no longer has x"]);
});
