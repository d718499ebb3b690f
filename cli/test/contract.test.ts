import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { shippedRegistryPath } from "@rossmann/etl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

let folder: string;
const path = (name: string) => join(folder, name);
const contract = (...words: string[]) =>
  rossmann(folder, ["contract", ...words], { CONTRACTS_REGISTRY_PATH: "contracts/contracts_registry.yaml" });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-contract-"));
  cpSync(dirname(shippedRegistryPath), path("contracts"), { recursive: true });
  const shipped = readFileSync(path("contracts/rossmann_input_contract.v1.yaml"), "utf8");
  writeFileSync(
    path("contracts/v2.yaml"),
    shipped.replace("contract_version: v1", "contract_version: v2").replace("min_value: 0", "min_value: 1"),
  );
  const registry = readFileSync(path("contracts/contracts_registry.yaml"), "utf8");
  writeFileSync(
    path("contracts/contracts_registry.yaml"),
    `${registry.trimEnd()}\n      # the next one\n      - { version: v2, schema_path: v2.yaml }\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("list, show and diff tell of the registry; a breaking change ends with 1", async () => {
  expect((await contract("list")).stdout).toMatch(/rossmann_input_contract\s+v2\s+2\s+yes/);
  expect((await contract("show", "--version", "v1")).stdout).toContain("### Profile `train`");
  const diff = await contract("diff");
  expect(diff.code).toBe(1);
  expect(diff.stdout).toMatch(/^BREAKING .*sales/);
  expect((await contract("diff", "--from", "v2", "--to", "v1")).code).toBe(0);
  const first = await contract("diff", "--to", "v1");
  expect(first.stderr).toContain("v1 is the first version: name another one with --from");
});

test("release keeps the hash, once; a file that is changed afterwards is refused with both", async () => {
  const released = await contract("release", "v2");
  expect(released.stdout).toMatch(/v2 is released with the hash [0-9a-f]{64}/);
  const registry = readFileSync(path("contracts/contracts_registry.yaml"), "utf8");
  expect(registry).toContain("# the next one");
  expect(registry).toContain("# The contracts that files may be judged by.");
  const again = await contract("release", "v2");
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("is released already") });
  writeFileSync(path("contracts/v2.yaml"), `${readFileSync(path("contracts/v2.yaml"), "utf8")}# more\n`);
  expect((await contract("show")).stderr).toMatch(
    /released with the hash [0-9a-f]{64}, but v2\.yaml now has/,
  );
});

test("check names every mistake of a file with its line", async () => {
  writeFileSync(path("wrong.yaml"), "contract_version: v1\nformat: csv\nlimit: {}\nprofiles: {}\n");
  const wrong = await contract("check", "wrong.yaml");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/line 3: .*limit/);
  expect((await contract("check", "contracts/rossmann_input_contract.v1.yaml")).code).toBe(0);
});

test("export to ODCS and import from it give the same contract back", async () => {
  await contract("export", "--version", "v1", "--out", "odcs.yaml");
  expect(readFileSync(path("odcs.yaml"), "utf8")).toContain("kind: DataContract");
  await contract("import", "odcs.yaml", "--out", "back.yaml");
  const back = await contract("check", "back.yaml");
  expect(back.stdout).toContain("is a usable contract, version v1");
  const absent = await contract("import", "nothing.yaml");
  expect(absent.stderr.trim()).toBe("rossmann: nothing.yaml cannot be read (ENOENT): check the path");
});

test("a relative CONTRACTS_REGISTRY_PATH also means the platform's own folder", async () => {
  const CONTRACTS_REGISTRY_PATH = "config/input_contract/contracts_registry.yaml";
  const { code, stdout } = await rossmann(folder, ["contract", "list"], { CONTRACTS_REGISTRY_PATH });
  expect(code).toBe(0);
  expect(stdout).toMatch(/rossmann_input_contract\s+v1/);
});
