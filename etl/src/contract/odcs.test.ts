import { describe, expect, test } from "vitest";
import { fromOdcs } from "./from-odcs.ts";
import { parseContract } from "./read-contract.ts";
import { loadContract } from "./registry.ts";
import { toOdcs } from "./to-odcs.ts";

const NAME = { id: "rossmann_input_contract", name: "Rossmann Input Contract" };

test("the shipped contract comes back from ODCS as it went", async () => {
  const { contract } = await loadContract("rossmann_input_contract");
  const { document } = toOdcs(contract, NAME);
  const back = fromOdcs(JSON.stringify(document));
  expect(back.notes).toEqual([]);
  for (const [name, profile] of Object.entries(contract.profiles)) {
    expect(back.contract.profiles[name]?.columns).toEqual(profile.columns);
    expect(back.contract.profiles[name]?.quality_rules?.table ?? []).toEqual(
      profile.quality_rules?.table ?? [],
    );
    expect(new Set(back.contract.profiles[name]?.quality_rules?.columns ?? [])).toEqual(
      new Set(profile.quality_rules?.columns ?? []),
    );
  }
  expect(back.contract.limits).toEqual(contract.limits);
  expect(parseContract(back.yaml, "again.yaml")).toEqual(back.contract);
});

test("rules are said in the standard's own words where it has them", async () => {
  const { contract } = await loadContract("rossmann_input_contract");
  const { document, notes } = toOdcs(contract, NAME);
  const train = document.schema!.find((object) => object.name === "train")!;
  const customers = train.properties!.find((item) => item.name === "customers")!;
  expect(document).toMatchObject({
    apiVersion: "v3.1.0",
    kind: "DataContract",
    status: "active",
    version: "v1",
  });
  expect(customers).toMatchObject({
    logicalType: "integer",
    required: false,
    logicalTypeOptions: { minimum: 0 },
  });
  expect(customers.quality).toContainEqual(
    expect.objectContaining({
      name: "customers_null_ratio",
      metric: "nullValues",
      unit: "percent",
      mustBeLessOrEqualTo: 10,
      severity: "warning",
    }),
  );
  expect(train.quality).toContainEqual(
    expect.objectContaining({
      metric: "duplicateValues",
      arguments: { properties: ["store_id", "full_date"] },
      mustBe: 0,
    }),
  );
  expect(train.properties!.find((item) => item.name === "full_date")).toMatchObject({
    primaryKey: true,
    primaryKeyPosition: 2,
    logicalTypeOptions: { format: "yyyy-MM-dd" },
  });
  expect(notes.join("\n")).toMatch(/train_store_known \(foreign_key\)/);
});

test("bounds of mustBeBetween are exclusive in the standard", () => {
  const text = (rule: string) => `contract_version: v1
format: csv
limits: { max_rows: 9, max_file_size_mb: 1 }
profiles: { t: { columns: [{ canonical_name: a, dtype: int }], quality_rules: { table: [${rule}] } } }
`;
  const contract = parseContract(
    text("{ id: rows, type: row_count_between, min_value: 5, max_value: 10 }"),
    "t.yaml",
  );
  const { document } = toOdcs(contract, NAME);
  expect(document.schema![0]!.quality![0]).toMatchObject({ metric: "rowCount", mustBeBetween: [4, 11] });
  expect(fromOdcs(document).contract.profiles.t!.quality_rules!.table![0]).toMatchObject({
    min_value: 5,
    max_value: 10,
  });
});

describe("a document of another tool", () => {
  const FOREIGN = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 2.0.0
status: active
schema:
  - name: orders
    logicalType: object
    properties:
      - { name: OrderId, logicalType: integer, required: true, unique: true }
      - { name: placed, logicalType: date, logicalTypeOptions: { format: dd.MM.yyyy } }
      - { name: lines, logicalType: array }
      - name: state
        logicalType: string
        quality:
          - { type: library, metric: invalidValues, mustBe: 0, arguments: { validValues: [open, paid] } }
          - { type: sql, query: "select 1", mustBe: 0 }
          - { type: text, description: be nice }
    quality:
      - { type: library, metric: rowCount, mustBeGreaterThan: 0 }
      - { type: custom, engine: soda, implementation: "checks: []" }
`;

  test("becomes a contract as far as a file check goes, and what is left out is named", () => {
    const { contract, notes } = fromOdcs(FOREIGN);
    const profile = contract.profiles.orders!;
    expect(profile.columns.map((column) => [column.canonical_name, column.dtype])).toEqual([
      ["order_id", "int"],
      ["placed", "date"],
      ["state", "string"],
    ]);
    expect(profile.columns[0]).toMatchObject({ required: true, nullable: false, aliases: ["OrderId"] });
    expect(profile.columns[1]!.formats).toEqual(["DD.MM.YYYY"]);
    expect(profile.quality_rules?.columns).toMatchObject([
      { type: "accepted_values", values: ["open", "paid"] },
    ]);
    expect(profile.quality_rules?.table).toMatchObject([
      { type: "composite_unique", columns: ["order_id"] },
      { type: "row_count_between", min_value: 1 },
    ]);
    expect(notes).toHaveLength(5);
    expect(notes.join("\n")).toMatch(
      /orders.lines is array[\s\S]*query[\s\S]*text for people[\s\S]*soda[\s\S]*limits/,
    );
  });

  test.each([
    ["no document at all", "just text", /no ODCS document/],
    ["an older standard", FOREIGN.replace("v3.1.0", "v2.2.0"), /apiVersion: must be v3/],
    ["another kind", FOREIGN.replace("DataContract", "DataProduct"), /kind/],
    ["broken YAML", `${FOREIGN}  : [`, /no ODCS document/],
    ["no schema", FOREIGN.slice(0, FOREIGN.indexOf("schema:")), /at least one profile/],
  ])("%s is refused", (_title, text, message) => {
    expect(() => fromOdcs(text)).toThrow(message);
  });
});
