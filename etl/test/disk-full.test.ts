import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createLogger, systemEffects } from "@rossmann/core";
import { type Db, kpiSummary, listEtlRuns, resolveDataSource } from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingest, type WrittenSample, writeSample } from "../src/index.ts";
import { testFolder } from "./files.ts";

const MOUNT = `${tmpdir()}/rossmann-small-temp-${process.pid}`;

/** A temporary folder of 2 MB; needs root on Linux and a kernel that lets us mount. */
function smallTemp(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    mkdirSync(MOUNT, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", MOUNT], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(smallTemp())(
  "a temporary folder that fills up while a file is read (needs root and mount)",
  () => {
    const files = testFolder();
    const usual = process.env.TMPDIR;
    let warehouse: TestDatabase;
    let db: Db;
    let sample: WrittenSample;
    beforeAll(async () => {
      warehouse = await createTestDatabase();
      db = warehouse.db;
      await loadRows(db, { sales: [{ storeId: 1, date: "2015-01-01", sales: 10 }] });
      sample = await writeSample(files.path("sample"), { stores: 300, days: 800 });
    });
    afterAll(async () => {
      await warehouse.close();
      files.remove();
      execFileSync("umount", ["-l", MOUNT]);
      rmSync(MOUNT, { recursive: true });
    });

    it("ends the load with one sentence; the rows before are still there, and nothing is left over", async () => {
      process.env.TMPDIR = MOUNT;
      const refusal = await ingest(
        db,
        { dataSource: await resolveDataSource(db), train: sample.train, store: sample.store, future: null },
        systemEffects(createLogger("silent")),
      ).catch((error: Error) => error);
      expect(readdirSync(MOUNT)).toEqual([]);
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
      expect(refusal).toMatchObject({
        code: "disk_full",
        message: expect.stringMatching(
          /^no space left on the disk of the temporary folder .*: free some space and try again/,
        ),
      });
      const [run] = await listEtlRuns(db);
      expect(run).toMatchObject({ status: "FAILED", errorMessage: expect.stringContaining("no space left") });
      const all = { dataSourceId: 1, dateFrom: "2015-01-01", dateTo: "2015-12-31" };
      expect(await kpiSummary(db, all)).toMatchObject({ totalSales: 10, storeDays: 1 });
    });
  },
);
