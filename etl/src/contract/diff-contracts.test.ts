import { expect, test } from "vitest";
import { diffContracts } from "./diff-contracts.ts";
import { parseContract } from "./read-contract.ts";

const BASE = `contract_version: v1
format: csv
limits: { max_rows: 100, max_file_size_mb: 1 }
profiles:
  train:
    key: [store_id]
    columns:
      - { canonical_name: store_id, dtype: int, required: true, aliases: [Store, Shop] }
      - { canonical_name: sales, dtype: float, min: 0, max: 100 }
      - { canonical_name: holiday, dtype: string, allowed_values: ["0", "a"] }
    quality_rules:
      columns:
        - { id: sales_range, type: between, column: sales, min_value: 0, max_value: 50, severity: WARN }
`;
const contract = (from = "", to = "") =>
  parseContract(
    BASE.replace("version: v1", from === "" ? "version: v1" : "version: v2").replace(from, to),
    "t.yaml",
  );
const diff = (from: string, to: string) => {
  expect(BASE).toContain(from);
  return diffContracts(contract(), contract(from, to));
};

test("a contract does not differ from itself", () => {
  expect(diffContracts(contract(), contract())).toEqual({
    from: "v1",
    to: "v1",
    isBreaking: false,
    changes: [],
  });
});

test.each([
  [
    "a new required column",
    "required: true, aliases: [Store, Shop] }",
    "required: true, aliases: [Store, Shop] }\n      - { canonical_name: full_date, dtype: date, required: true }",
    true,
    "the required column full_date is new",
  ],
  [
    "a new optional column",
    "required: true, aliases: [Store, Shop] }",
    "required: true, aliases: [Store, Shop] }\n      - { canonical_name: full_date, dtype: date }",
    false,
    "the optional column full_date is new",
  ],
  [
    "a dropped column",
    '      - { canonical_name: holiday, dtype: string, allowed_values: ["0", "a"] }\n',
    "",
    true,
    "the column holiday is gone",
  ],
  [
    "a narrower type",
    "dtype: float, min: 0, max: 100",
    "dtype: int, min: 0, max: 100",
    true,
    "sales changes from float to int",
  ],
  [
    "a wider type",
    "canonical_name: store_id, dtype: int",
    "canonical_name: store_id, dtype: float",
    false,
    "store_id changes from int to float",
  ],
  ["a spelling taken out", "[Store, Shop]", "[Store]", true, 'no longer has "shop"'],
  ["a spelling put in", "[Store, Shop]", "[Store, Shop, Filiale]", false, 'now also has "filiale"'],
  [
    "a higher minimum",
    "min: 0, max: 100",
    "min: 1, max: 100",
    true,
    "the minimum of sales changes from 0 to 1",
  ],
  ["a higher maximum", "max: 100 }", "max: 200 }", false, "the maximum of sales changes from 100 to 200"],
  ["a value taken out of a list", '["0", "a"]', '["0"]', true, 'no longer has "a"'],
  ["a stricter rule", "max_value: 50", "max_value: 40", true, "between 0 and 40"],
  ["a looser rule", "max_value: 50", "max_value: 60", false, "between 0 and 60"],
  ["a rule that now fails", "severity: WARN", "severity: FAIL", true, "now FAIL instead of WARN"],
  ["a lower limit", "max_rows: 100", "max_rows: 99", true, "max_rows falls from 100 to 99"],
  ["another key", "key: [store_id]", "key: [store_id, sales]", true, "the key changes"],
  ["stricter types", "format: csv", "format: csv\nstrict_types: true", true, "every broken cell"],
])("%s", (_title, from, to, isBreaking, message) => {
  const result = diff(from, to);
  expect(result.isBreaking).toBe(isBreaking);
  expect(result.changes).toHaveLength(1);
  expect(result.changes[0]).toMatchObject({
    breaking: isBreaking,
    message: expect.stringContaining(message),
  });
});

test("breaking changes come first", () => {
  const now = parseContract(
    BASE.replace("max_value: 50", "max_value: 60").replace("max: 100", "max: 90"),
    "t.yaml",
  );
  expect(diffContracts(contract(), now).changes.map((change) => change.breaking)).toEqual([true, false]);
});
