import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  closeDatabase,
  createLoad,
  type Db,
  findEtlRun,
  kpiSummary,
  openDatabase,
  resolveDataSource,
  startEtlRun,
} from "../src/index.ts";
import { refusalOfLoad } from "../src/load/refusal.ts";
import { serverAccount } from "../src/postgres-account.ts";
import { createTestDatabase, loadRows, type TestDatabase } from "../src/testing.ts";

describe("refusalOfLoad", () => {
  it.each(["53100", "ENOSPC"])("makes one sentence of %s", (code) => {
    expect(refusalOfLoad(Object.assign(new Error("could not extend file"), { code }))).toMatchObject({
      code: "disk_full",
      kind: "unavailable",
      message: expect.stringMatching(
        /^no space left on the disk of .*free some space and try again; what was there before is untouched$/,
      ),
    });
  });

  it("passes on what is not of the database", () => {
    const bug = new TypeError("undefined is not a function");
    expect(refusalOfLoad(bug)).toBe(bug);
  });
});

const MOUNT = "/tmp/rossmann-small-disk";

/** A disk of 6 MB for the staged rows; needs root on Linux and a kernel that lets us mount. */
function smallDisk(): boolean {
  const account = process.platform === "linux" ? serverAccount() : null;
  if (account === null) return false;
  try {
    mkdirSync(MOUNT, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", MOUNT], { stdio: "pipe" });
    mkdirSync(join(MOUNT, "space"));
    chownSync(join(MOUNT, "space"), account.uid, account.gid);
    return true;
  } catch {
    return false;
  }
}

const hasSmallDisk = smallDisk();

describe.runIf(hasSmallDisk)("a load on a disk that fills up (needs root and mount)", () => {
  let warehouse: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    warehouse = await createTestDatabase();
    db = warehouse.db;
    await loadRows(db, { sales: [{ storeId: 1, date: "2015-01-01", sales: 10 }] });
    await sql`create tablespace small_disk location ${sql.lit(join(MOUNT, "space"))}`.execute(db);
    await sql`alter database ${sql.id(new URL(warehouse.url).pathname.slice(1))} set default_tablespace = small_disk`.execute(
      db,
    );
  });
  afterAll(async () => {
    await sql`drop schema staging cascade`.execute(db);
    await sql`drop tablespace small_disk`.execute(db);
    await warehouse.close();
    execFileSync("umount", ["-l", MOUNT]);
    rmSync(MOUNT, { recursive: true });
  });

  it("ends with one sentence; the rows before are still there, and nothing is left over", async () => {
    // A new pool: the setting of the database holds for new connections.
    const fresh = openDatabase(warehouse.url);
    const run = await startEtlRun(fresh, { dataSource: await resolveDataSource(fresh) });
    const load = await createLoad(fresh, run);
    const rows = async function* () {
      for (let store = 1; store <= 400; store++) {
        let text = "";
        for (let day = 1; day <= 28; day++)
          for (let month = 1; month <= 12; month++)
            text += `${store},${20150000 + month * 100 + day},5,1,0,0,0,1\n`;
        yield text;
      }
    };
    const refusal = await load.stageFacts(rows()).catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: "disk_full", message: expect.stringContaining("no space left") });
    await run.fail(String(refusal));
    await load.discard();
    await run.release();
    expect((await findEtlRun(fresh, run.runId)).status).toBe("FAILED");
    const all = { dataSourceId: 1, dateFrom: "2015-01-01", dateTo: "2015-12-31" };
    expect(await kpiSummary(fresh, all)).toMatchObject({ totalSales: 10, storeDays: 1 });
    await closeDatabase(fresh);
  });
});
