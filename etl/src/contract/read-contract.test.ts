import { describe, expect, test } from "vitest";
import { ContractError } from "./errors.ts";
import { parseContract } from "./read-contract.ts";

const CONTRACT = `contract_version: v1
format: csv
limits: { max_rows: 100, max_file_size_mb: 1 }
profiles:
  train:
    key: [store_id]
    columns:
      - canonical_name: store_id
        dtype: int
        required: true
        aliases: [Store]
      - canonical_name: sold_on
        dtype: date
      - canonical_name: sales
        dtype: float
    quality_rules:
      columns:
        - { id: sales_positive, type: between, column: sales, min_value: 0 }
`;

/** The contract with one line of it replaced. */
const changed = (from: string, to: string) => {
  expect(CONTRACT).toContain(from);
  return CONTRACT.replace(from, to);
};

function mistakesOf(text: string) {
  try {
    parseContract(text, "test.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(ContractError);
    expect((error as ContractError).code).toBe("contract_invalid");
    return (error as ContractError).mistakes;
  }
  throw new Error("the contract was accepted");
}

test("parseContract fills in the defaults", () => {
  const contract = parseContract(CONTRACT, "test.yaml");
  const profile = contract.profiles.train!;
  expect(profile.columns[0]).toMatchObject({ required: true, sensitive: false });
  expect(profile.unknown_columns).toEqual({ policy: "warn", keep: false });
  expect(profile.quality_rules?.columns?.[0]).toMatchObject({ severity: "FAIL", quarantine: true });
  expect(contract.csv.delimiters).toContain(";");
});

test("the word off stays a word, severities may be small", () => {
  const text = changed("min_value: 0 }", "min_value: 0, severity: warn, description: off }");
  expect(parseContract(text, "test.yaml").profiles.train!.quality_rules?.columns?.[0]).toMatchObject({
    severity: "WARN",
    description: "off",
  });
});

describe("a mistake is refused with its line and what to write instead", () => {
  test.each([
    [
      "a mistyped key",
      changed("dtype: float", "dtyp: float"),
      14,
      /unknown key "dtyp".*did you mean "dtype"/,
    ],
    ["a mistyped key at the top", changed("format: csv", "fromat: csv"), 2, /did you mean "format"/],
    ["a missing key", changed("        dtype: float\n", ""), 14, /dtype/],
    ["a wrong type", changed("max_rows: 100", "max_rows: many"), 3, /max_rows.*number/],
    ["an unknown dtype", changed("dtype: date", "dtype: datetime"), 13, /dtype/],
    ["an unknown rule", changed("type: between", "type: betwen"), 18, /type/],
    ["the same key twice", changed("format: csv", "format: csv\nformat: csv"), 3, /unique/i],
    [
      "broken YAML",
      changed("columns:\n      - canonical_name: store_id", "columns: [\n      - canonical_name: store_id"),
      8,
      /./,
    ],
    [
      "an unknown column in a rule",
      changed("column: sales", "column: sale"),
      18,
      /no column sale; the profile has store_id/,
    ],
    ["an unknown key column", changed("key: [store_id]", "key: [store]"), 6, /no column store/],
    ["a rule without bounds", changed(", min_value: 0", ""), 18, /min_value or max_value/],
    [
      "a text where a number is needed",
      changed("min_value: 0", 'min_value: "2015-01-01"'),
      18,
      /must be a number/,
    ],
    [
      "a range upside down",
      changed("dtype: float", "dtype: float\n        min: 5\n        max: 1"),
      16,
      /min 5 is above max 1/,
    ],
    ["a date range with a number", changed("dtype: date", "dtype: date\n        min: 5"), 14, /YYYY-MM-DD/],
    [
      "ambiguous date formats",
      changed("dtype: date", "dtype: date\n        formats: [DD/MM/YYYY, MM/DD/YYYY]"),
      14,
      /two days/,
    ],
    [
      "a column described twice",
      changed("canonical_name: sales", "canonical_name: sold_on"),
      14,
      /described twice/,
    ],
    [
      "an alias of two columns",
      changed("dtype: float", "dtype: float\n        aliases: [STORE]"),
      16,
      /alias of both store_id and sales/,
    ],
    ["duplicates without a key", changed("key: [store_id]", "duplicates: fail"), 6, /needs a key/],
  ])("%s", (_title, text, line, message) => {
    const mistakes = mistakesOf(text);
    expect(mistakes.map((mistake) => mistake.message).join("\n")).toMatch(message);
    expect(mistakes.map((mistake) => mistake.line)).toContain(line);
  });

  test("patterns that need more than linear time do not exist in the syntax", () => {
    const rule = (pattern: string) =>
      changed(
        "type: between, column: sales, min_value: 0",
        `type: pattern, column: sales, pattern: '${pattern}'`,
      );
    expect(mistakesOf(rule("(a)\\1"))[0]!.message).toMatch(/back-references/);
    expect(mistakesOf(rule("(?=a)b"))[0]!.message).toMatch(/look-around/);
    expect(mistakesOf(rule("(unclosed"))[0]!.line).toBe(18);
  });

  test("every mistake of a file is listed, not only the first", () => {
    const text = changed("dtype: float", "dtyp: float").replace("format: csv", "format: xml");
    expect(mistakesOf(text).map((mistake) => mistake.line)).toEqual([2, 14, 15]);
  });
});

describe("aliases may not run in circles", () => {
  const columns = (...aliases: [string, string][]) =>
    `contract_version: v1
format: csv
limits: { max_rows: 1, max_file_size_mb: 1 }
profiles:
  train:
    columns:
${aliases.map(([name, alias]) => `      - { canonical_name: ${name}, dtype: int, aliases: [${alias}] }`).join("\n")}
`;

  test("two columns that are each other's alias", () => {
    expect(mistakesOf(columns(["store_id", "shop"], ["shop", "Store_ID"]))).toMatchObject([
      { line: 7, message: expect.stringContaining("store_id -> shop -> store_id") },
    ]);
  });

  test("a longer circle is told once", () => {
    const mistakes = mistakesOf(columns(["a", "b"], ["b", "c"], ["c", "a"]));
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]!.message).toContain("a -> b -> c -> a");
  });

  test("an alias that is another column's name is no circle, and refused too", () => {
    expect(mistakesOf(columns(["a", "b"], ["b", "x"]))[0]!.message).toMatch(/name of another column/);
  });

  test("YAML anchors, which could run in circles, are refused", () => {
    const text = `${columns(["a", "x"])}more: &m\n  again: *m\n`;
    expect(mistakesOf(text)[0]!.message).toMatch(/\*m repeats/);
  });
});
