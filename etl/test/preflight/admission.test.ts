import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createLogger, systemEffects } from "@rossmann/core";
import { createDataSource, type DataSource, type Db, kpiSummary, listEtlRuns } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  ingest,
  type PreflightOutcome,
  preflightAdmission,
  resolvePreflightOptions,
} from "../../src/index.ts";
import { testFolder } from "../files.ts";
import { cleanRows, csv, HEADER, STORE_FILE } from "./planted-faults.ts";

const files = testFolder();
const effects = systemEffects(createLogger("silent"));
let warehouse: TestDatabase;
let db: Db;
let dataSource: DataSource;
beforeAll(async () => {
  warehouse = await createTestDatabase();
  db = warehouse.db;
});
afterAll(async () => {
  await warehouse.close();
  files.remove();
});
beforeEach(async () => {
  dataSource = await createDataSource(db, { name: `source ${Math.random()}` });
});

const FUTURE = "Id,Store,DayOfWeek,Date,Promo,StateHoliday,SchoolHoliday\n1,1,1,2015-06-15,0,0,0\n";
const everything = () => ({ dataSourceId: dataSource.id, dateFrom: "2000-01-01", dateTo: "2100-01-01" });

async function load(mode: string, train: string, outcomes: PreflightOutcome[] = []) {
  const options = resolvePreflightOptions([{ mode, artifactDir: files.path("artifacts") }, {}, {}]);
  return ingest(
    db,
    {
      dataSource,
      train: files.write("train.csv", train),
      store: files.write("store.csv", STORE_FILE),
      future: files.write("test.csv", FUTURE),
      preflightMode: options.mode,
      admit: preflightAdmission(db, dataSource, options, effects, (outcome) => outcomes.push(outcome)),
    },
    effects,
  );
}

interface Recorded {
  source_name: string;
  final_status: string;
  blocked: boolean;
  block_reason: string | null;
  artifact_dir: string;
  used_input_path: string;
  contract_version: string;
}
const recorded = async (runId: string) =>
  (
    await sql<Recorded>`select * from preflight_run_registry where run_id = ${runId} and data_source_id = ${dataSource.id} order by source_name`.execute(
      db,
    )
  ).rows;

test("off examines nothing and records nothing", async () => {
  const report = await load("off", csv(HEADER, cleanRows()));
  expect(report.rowsAccepted).toBe(cleanRows().length);
  expect(await recorded(report.runId)).toEqual([]);
});

test("enforce loads the unified files of a clean delivery, the same figures as without, and records each file", async () => {
  const outcomes: PreflightOutcome[] = [];
  const plain = await load("off", csv(HEADER, cleanRows()));
  const before = await kpiSummary(db, everything());
  const report = await load("enforce", csv(HEADER, cleanRows()), outcomes);
  expect(report.rowsUnchanged).toBe(plain.rowsAccepted);
  expect(await kpiSummary(db, everything())).toEqual(before);
  expect(outcomes.map((outcome) => [outcome.source, outcome.finalStatus, outcome.usedUnified])).toEqual([
    ["train", "PASS", true],
    ["store", "PASS", true],
    ["future", "PASS", true],
  ]);
  expect(await recorded(report.runId)).toMatchObject([
    { source_name: "future", final_status: "PASS", blocked: false },
    { source_name: "store", final_status: "PASS", blocked: false },
    {
      source_name: "train",
      artifact_dir: `${report.runId}/train`,
      used_input_path: `${report.runId}/train/unified.csv`,
      contract_version: "v1",
    },
  ]);
  expect(readdirSync(files.path(join("artifacts", report.runId))).toSorted()).toEqual([
    "future",
    "store",
    "train",
  ]);
});

test("enforce takes other headers, semicolons and DD.MM.YYYY, which a load alone would refuse", async () => {
  const header = [
    "Filiale",
    "Wochentag",
    "Datum",
    "Umsatz",
    "Kunden",
    "Offen",
    "Aktion",
    "Feiertag",
    "Schulferien",
  ];
  const rows = cleanRows().map((cells) => cells.with(2, cells[2]!.split("-").toReversed().join(".")));
  const report = await load("enforce", csv(header, rows, ";"));
  expect(report.rowsAccepted).toBe(rows.length);
});

test("enforce turns a delivery with a FAIL away: nothing changes, every rule's outcome is recorded", async () => {
  await load("off", csv(HEADER, cleanRows()));
  const before = await kpiSummary(db, everything());
  const broken = cleanRows();
  broken[3]![3] = "-50";
  broken[4]![0] = "77";
  await expect(load("enforce", csv(HEADER, broken))).rejects.toMatchObject({
    code: "preflight_blocked",
    message: expect.stringMatching(
      /^Preflight blocked ETL, nothing was loaded\. train \(train\.csv\): sales is 0 or more/,
    ),
  });
  expect(await kpiSummary(db, everything())).toEqual(before);
  const runs = await listEtlRuns(db, { dataSourceId: dataSource.id });
  const failed = runs.find((run) => run.status === "FAILED")!;
  expect(failed.errorMessage).toContain("Preflight blocked ETL");
  expect(failed.errorMessage).not.toContain(files.path(""));
  expect((await recorded(failed.runId)).find((row) => row.source_name === "train")).toMatchObject({
    final_status: "FAIL",
    blocked: true,
    block_reason: "semantic_fail",
    used_input_path: "train.csv",
  });
  const outcomes = await sql<{ rule_id: string; status: string; failed_count: number }>`
    select rule_id, status, failed_count from preflight_rule_outcome
    where run_id = ${failed.runId} and source_name = 'train' and status <> 'PASS' order by rule_id`.execute(
    db,
  );
  expect(outcomes.rows).toEqual([
    { rule_id: "sales_non_negative", status: "FAIL", failed_count: 1 },
    { rule_id: "train_store_known", status: "FAIL", failed_count: 1 },
  ]);
});

test("report_only records the same findings and loads what the load itself can take", async () => {
  const broken = cleanRows();
  broken[3]![3] = "-50";
  const report = await load("report_only", csv(HEADER, broken));
  expect(report).toMatchObject({ rowsAccepted: broken.length - 1, rowsRejected: 1 });
  expect((await recorded(report.runId)).find((row) => row.source_name === "train")).toMatchObject({
    final_status: "FAIL",
    blocked: false,
  });
});
