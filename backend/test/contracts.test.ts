/** Contracts as the API tells them: the shipped one, and a registry of a test with two versions. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contractDocument, loadContract, shippedRegistryPath } from "@rossmann/etl";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import {
  contractDetailSchema,
  contractDiffSchema,
  contractsSchema,
  contractVersionDetailSchema,
  contractVersionsSchema,
} from "../src/schemas/contracts.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appWithoutDatabase } from "./parts.ts";

const SHIPPED = "/api/v1/contracts/rossmann_input_contract";
let folder: string;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contracts-"));
});
afterAll(async () => {
  for (const close of closers) await close();
  await rm(folder, { recursive: true, force: true });
});

/** Contracts are files: their routes need no database. */
function appWith(registryPath?: string): Api {
  const { app, close } = appWithoutDatabase({ settings: { CONTRACTS_REGISTRY_PATH: registryPath } });
  closers.push(close);
  return app;
}

describe("the shipped contract", () => {
  const app = appWith();
  const get = (path: string) => app.inject(`${SHIPPED}${path}`);

  test("is in the list with its newest version", async () => {
    const list = contractsSchema.parse((await app.inject("/api/v1/contracts")).json());
    expect(list).toMatchObject([
      { id: "rossmann_input_contract", is_active: true, latest_version: "v1", versions_count: 1 },
    ]);
  });

  test("has versions, and none of them names a folder of the machine", async () => {
    const detail = contractDetailSchema.parse((await get("")).json());
    expect(detail.versions).toMatchObject([{ version: "v1", is_released: true }]);
    const versions = contractVersionsSchema.parse((await get("/versions")).json());
    expect(versions).toEqual(detail.versions);
    expect(versions[0]?.schema_path).toBe("rossmann_input_contract.v1.yaml");
  });

  test("tells limits, columns and rules of every profile", async () => {
    const version = contractVersionDetailSchema.parse((await get("/versions/v1")).json());
    expect(Object.keys(version.profiles)).toEqual(["train", "store", "known_future"]);
    const { train } = version.profiles;
    expect(train?.required_columns).toEqual(["store_id", "day_of_week", "full_date", "sales"]);
    expect(train?.aliases.sales).toContain("Umsatz");
    expect(train?.dtypes.full_date).toBe("date");
    expect(train?.rules.find((rule) => rule.id === "train_pk_unique")).toMatchObject({
      type: "composite_unique",
      target: ["store_id", "full_date"],
      severity: "FAIL",
      sentence: "store_id, full_date together are unique",
    });
    expect(train?.columns.find((column) => column.canonical_name === "customers")?.severity).toBe("WARN");
  });

  test("can be read as a page and in the open standard", async () => {
    const page = await get("/versions/v1/document");
    expect(page.headers["content-type"]).toBe("text/markdown; charset=utf-8");
    const { contract } = await loadContract("rossmann_input_contract");
    expect(page.body).toBe(contractDocument(contract));
    const standard = (await get("/versions/v1/odcs")).json();
    expect(standard).toMatchObject({ kind: "DataContract", apiVersion: "v3.1.0", version: "v1" });
  });

  test("does not differ from a version before its first", async () => {
    expect(contractDiffSchema.parse((await get("/diff")).json())).toEqual({
      contract_id: "rossmann_input_contract",
      from: null,
      to: "v1",
      is_breaking: false,
      changes: [],
    });
  });

  test.each([
    ["/api/v1/contracts/other", "contract_unknown", "there is no contract other"],
    [`${SHIPPED}/versions/v9`, "contract_version_unknown", "has no version v9; the registry lists v1"],
    [`${SHIPPED}/versions/v9/document`, "contract_version_unknown", "has no version v9"],
    [`${SHIPPED}/versions/v9/odcs`, "contract_version_unknown", "has no version v9"],
    [`${SHIPPED}/diff?from=v0`, "contract_version_unknown", "has no version v0"],
  ])("answers %s with 404 %s", async (url, code, words) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(404);
    expect(problemSchema.parse(answer.json())).toMatchObject({
      code,
      detail: expect.stringContaining(words),
    });
  });

  test("a name that no contract can have is a mistake", async () => {
    expect((await app.inject("/api/v1/contracts/..%2F..%2Fetc")).statusCode).toBe(422);
  });
});

describe("a registry with two versions", () => {
  let app: Api;
  const path = () => join(folder, "registry.yaml");

  beforeAll(async () => {
    const text = await readFile(join(shippedRegistryPath, "../rossmann_input_contract.v1.yaml"), "utf8");
    await writeFile(join(folder, "one.yaml"), text);
    const narrower = text
      .replace("contract_version: v1", "contract_version: v2")
      .replace("min_value: 0", "min_value: 10");
    await writeFile(join(folder, "two.yaml"), narrower);
    await writeFile(path(), registry());
    app = appWith(path());
  });

  const registry = (hash = "") => `version: v1
contracts:
  - id: chain
    name: Chain
    is_active: false
    versions:
      - { version: v1, schema_path: one.yaml${hash} }
      - { version: v2, schema_path: ${join(folder, "two.yaml")} }
`;

  test("names breaking changes first, the newest two versions when none are named", async () => {
    const diff = contractDiffSchema.parse((await app.inject("/api/v1/contracts/chain/diff")).json());
    expect(diff).toMatchObject({ from: "v1", to: "v2", is_breaking: true });
    expect(diff.changes[0]).toMatchObject({ breaking: true, message: expect.stringContaining("sales") });
    const back = await app.inject("/api/v1/contracts/chain/diff?from=v2&to=v1");
    expect(contractDiffSchema.parse(back.json())).toMatchObject({ from: "v2", to: "v1", is_breaking: false });
  });

  test("shows a retired contract, and of an absolute path only the file's name", async () => {
    const detail = contractDetailSchema.parse((await app.inject("/api/v1/contracts/chain")).json());
    expect(detail.is_active).toBe(false);
    expect(detail.versions.map((version) => version.schema_path)).toEqual(["one.yaml", "two.yaml"]);
  });

  test("answers 409 with both hashes for a released version whose file was changed", async () => {
    await writeFile(path(), registry(`, sha256: "${"0".repeat(64)}"`));
    const answer = await app.inject("/api/v1/contracts/chain/versions/v1");
    await writeFile(path(), registry());
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: "contract_changed",
      detail: expect.stringMatching(/released with the hash 0{64}, but one\.yaml now has [0-9a-f]{64}/),
    });
  });

  test("answers 500 with the reason, and without any path, when the registry's own files are broken", async () => {
    const broken = join(folder, "broken.yaml");
    await writeFile(broken, "contracts:\n  - id: a\n    name: A\n    verzions: []\n");
    for (const [file, code, words] of [
      [broken, "contract_invalid", "line 4"],
      [join(folder, "absent.yaml"), "contract_registry_missing", "check CONTRACTS_REGISTRY_PATH"],
    ] as const) {
      const answer = await appWith(file).inject("/api/v1/contracts");
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toMatchObject({ code, detail: expect.stringContaining(words) });
      expect(answer.body).not.toContain(folder);
    }
  });
});
