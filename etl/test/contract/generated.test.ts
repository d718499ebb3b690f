import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  contractDocument,
  contractJsonSchema,
  contractJsonSchemaText,
  loadContract,
} from "../../src/contract/index.ts";

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");

test("the JSON Schema beside the contracts is the one that is checked", () => {
  expect(read("config/input_contract/contract.schema.json")).toBe(contractJsonSchemaText());
});

test("the page about contracts repeats the contract as it is", async () => {
  const { contract } = await loadContract("rossmann_input_contract");
  expect(read("docs/Input_Data_Contract.md")).toContain(contractDocument(contract));
});

test("the JSON Schema takes the shipped contract and refuses a mistyped key", () => {
  const check = new Ajv2020({ strict: false }).compile(contractJsonSchema());
  const contract = parse(read("config/input_contract/rossmann_input_contract.v1.yaml"));
  check(contract);
  expect(check.errors).toBeNull();
  expect(check({ ...contract, fromat: "csv" })).toBe(false);
  contract.profiles.train.columns[0].dtyp = "int";
  expect(check(contract)).toBe(false);
});
