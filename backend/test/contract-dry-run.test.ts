/** An earlier file against another version of its contract. */
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, systemEffects } from "@rossmann/core";
import { ingest, preflightAdmission, resolvePreflightOptions, shippedRegistryPath } from "@rossmann/etl";
import { createApiKey, createDataSource, resolveDataSource } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api, ContractDryRunBody } from "../src/index.ts";
import { dryRunSchema } from "../src/schemas/dry-run.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { appOn } from "./parts.ts";
import { recordRun } from "./preflight-parts.ts";

const TRAIN = `Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday
1,3,2015-07-01,5263,555,1,1,0,1
1,4,2015-07-02,60,6,1,0,0,0
`;
const STORE = `Store,StoreType,Assortment,CompetitionDistance,CompetitionOpenSinceMonth,CompetitionOpenSinceYear,Promo2,Promo2SinceWeek,Promo2SinceYear,PromoInterval
1,a,a,100,,,0,,,
`;
const REGISTRY = `version: v1
contracts:
  - id: chain
    name: Chain
    versions:
      - { version: v1, schema_path: one.yaml }
      - { version: v2, schema_path: two.yaml }
  - id: retired
    name: Retired
    is_active: false
    versions:
      - { version: v1, schema_path: one.yaml }
`;

let database: TestDatabase;
let folder: string;
let app: Api;
let runId: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dry-run-"));
  const shipped = await readFile(join(shippedRegistryPath, "../rossmann_input_contract.v1.yaml"), "utf8");
  await writeFile(file("one.yaml"), shipped);
  const narrower = shipped
    .replace("contract_version: v1", "contract_version: v2")
    .replace("min_value: 0", "min_value: 100");
  await writeFile(file("two.yaml"), narrower);
  await writeFile(file("registry.yaml"), REGISTRY);
  await writeFile(file("train.csv"), TRAIN);
  await writeFile(file("store.csv"), STORE);

  database = await createTestDatabase();
  const { db } = database;
  const effects = systemEffects(createLogger("silent"));
  const dataSource = await resolveDataSource(db);
  const options = resolvePreflightOptions([{ mode: "enforce", artifactDir: file("reports") }, {}, {}]);
  const report = await ingest(
    db,
    {
      dataSource,
      train: file("train.csv"),
      store: file("store.csv"),
      future: null,
      preflightMode: options.mode,
      admit: preflightAdmission(db, dataSource, options, effects),
    },
    effects,
  );
  runId = report.runId;
  app = appOn(db, {
    settings: { CONTRACTS_REGISTRY_PATH: file("registry.yaml"), PREFLIGHT_ARTIFACT_DIR: file("reports") },
  });
});
afterAll(async () => {
  await app?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const dryRun = (version: string, payload: ContractDryRunBody, headers: Record<string, string> = {}) =>
  app.inject({ method: "POST", url: `/api/v1/contracts/${version}/dry-run`, payload, headers });
const refusal = async (version: string, payload: ContractDryRunBody) =>
  problemSchema.parse((await dryRun(version, payload)).json());

test("tells what a version would say of the file, beside what the run said then", async () => {
  const same = dryRunSchema.parse((await dryRun("chain/versions/v1", { run_id: runId })).json());
  expect(same).toMatchObject({ final_status: "PASS", would_block: false, rows_read: 2, findings: [] });
  // The delivery's other file is there for rules that compare the two.
  expect(same.rules.find((rule) => rule.rule_id === "train_store_known")?.status).toBe("PASS");

  const narrower = dryRunSchema.parse((await dryRun("chain/versions/v2", { run_id: runId })).json());
  expect(narrower).toMatchObject({
    contract_id: "chain",
    version: "v2",
    run_id: runId,
    source_name: "train",
    profile: "train",
    file_name: "train.csv",
    before: {
      contract_id: "rossmann_input_contract",
      contract_version: "v1",
      final_status: "PASS",
      blocked: false,
    },
    final_status: "FAIL",
    semantic_status: "FAIL",
    would_block: true,
    rows_rejected: 1,
    findings: [
      { check: "sales_non_negative", count: 1, samples: [{ line: 3, column: "Sales", value: "60" }] },
    ],
  });
});

test("takes the accepted rows where the file itself is gone or changed, and says so", async () => {
  await writeFile(file("train.csv"), TRAIN.replace("5263", "secret"));
  const changed = await dryRun("chain/versions/v2", { run_id: runId });
  await rm(file("train.csv"));
  const gone = await dryRun("chain/versions/v2", { run_id: runId });
  await writeFile(file("train.csv"), TRAIN);
  expect(changed.body).not.toContain("secret");
  for (const answer of [changed, gone])
    expect(dryRunSchema.parse(answer.json())).toMatchObject({
      examined: "unified",
      file_name: "unified.csv",
      final_status: "FAIL",
      rows_read: 2,
      findings: [
        { check: "sales_non_negative", count: 1, samples: [{ line: 3, column: "sales", value: "60.0" }] },
      ],
    });
  const again = dryRunSchema.parse((await dryRun("chain/versions/v2", { run_id: runId })).json());
  expect(again.examined).toBe("delivered");
});

test("keeps nothing: no run, no report, no folder", async () => {
  const count = async () =>
    (await sql<{ n: number }>`select count(*)::int as n from preflight_run_registry`.execute(database.db))
      .rows[0]!.n;
  const [runs, reports] = [await count(), await readdir(file("reports"))];
  const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("rossmann-dry-run-"));
  const before = await left();
  const answer = await dryRun("chain/versions/v1", { run_id: runId, source_name: "store" });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).not.toContain(folder);
  expect(await count()).toBe(runs);
  expect(await readdir(file("reports"))).toEqual(reports);
  expect((await left()).filter((name) => !before.includes(name))).toEqual([]);
});

describe("is refused with one sentence", () => {
  test("for a version or a contract that does not exist, and for a retired contract", async () => {
    expect(await refusal("chain/versions/v9", { run_id: runId })).toMatchObject({
      status: 404,
      code: "contract_version_unknown",
    });
    expect(await refusal("other/versions/v1", { run_id: runId })).toMatchObject({ code: "contract_unknown" });
    expect(await refusal("retired/versions/v1", { run_id: runId })).toMatchObject({
      status: 409,
      code: "contract_inactive",
    });
  });

  test("for a profile that the contract does not have", async () => {
    expect(await refusal("chain/versions/v1", { run_id: runId, profile: "prices" })).toMatchObject({
      status: 404,
      code: "contract_profile_unknown",
    });
  });

  test("for a run, or a file of it, that does not exist", async () => {
    expect(await refusal("chain/versions/v1", { run_id: "unheard-of" })).toMatchObject({
      status: 404,
      code: "preflight_run_unknown",
    });
    expect(await refusal("chain/versions/v1", { run_id: runId, source_name: "future" })).toMatchObject({
      status: 404,
      code: "preflight_source_unknown",
    });
  });

  test("for a run that does not say where its file was", async () => {
    await recordRun(database.db, { run_id: "without_load" });
    expect(await refusal("chain/versions/v1", { run_id: "without_load" })).toMatchObject({
      status: 409,
      code: "earlier_file_unknown",
    });
  });

  test("for a file that was changed or taken away since, when its accepted rows are gone too", async () => {
    await rename(file("reports"), file("elsewhere"));
    await writeFile(file("train.csv"), TRAIN.replace("5263", "secret"));
    const changed = await dryRun("chain/versions/v1", { run_id: runId });
    expect(changed.statusCode).toBe(409);
    expect(changed.json()).toMatchObject({ code: "preflight_file_changed" });
    expect(changed.body).not.toContain("secret");
    await rm(file("train.csv"));
    const gone = await refusal("chain/versions/v1", { run_id: runId });
    expect(gone).toMatchObject({ status: 409, code: "preflight_file_gone" });
    expect(gone.detail).toContain("the file train.csv is no longer where it was loaded from (ENOENT)");
    expect(gone.detail).not.toContain(folder);
    await writeFile(file("train.csv"), TRAIN);
    await rename(file("elsewhere"), file("reports"));
  });

  test("for a key that is bound to another data source: the run does not exist for it", async () => {
    const other = await createDataSource(database.db, { name: "Another chain" });
    const { secret } = await createApiKey(database.db, {
      name: "bound",
      scopes: ["data:write"],
      createdBy: "test",
      dataSourceIds: [other.id],
    });
    const answer = await dryRun("chain/versions/v1", { run_id: runId }, { "x-api-key": secret });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: "preflight_run_unknown" });
  });

  test("for a body with a field that nobody knows", async () => {
    const answer = await dryRun("chain/versions/v1", {
      run_id: runId,
      path: "/etc/passwd",
    } as ContractDryRunBody);
    expect(answer.statusCode).toBe(422);
  });
});

test("runs one at a time", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => dryRun("chain/versions/v1", { run_id: runId })));
  const statuses = answers.map((answer) => answer.statusCode);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1);
  for (const answer of answers.filter((one) => one.statusCode !== 200))
    expect(answer.json()).toMatchObject({ status: 503, code: "dry_run_busy" });
  expect((await dryRun("chain/versions/v1", { run_id: runId })).statusCode).toBe(200);
});
