/**
 * Backup and restore of a loaded and trained installation, with totals compared.
 *
 *   ROSSMANN_DATA=… node benchmarks/backup.bench.ts        without ROSSMANN_DATA: the sample chain
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogger } from "@rossmann/core";
import {
  closeDatabase,
  type Db,
  migrate,
  openDatabase,
  restoreBackup,
  startEmbedded,
  writeBackup,
} from "@rossmann/warehouse";
import { sql } from "kysely";

const MAIN = fileURLToPath(new URL("../cli/src/main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rossmann-backup-bench-"));
const logger = createLogger("silent");
try {
  const data = process.env.ROSSMANN_DATA;
  const words = data === undefined ? ["sample", "--out", join(folder, "data")] : [];
  if (words.length > 0) execFileSync(process.execPath, [MAIN, ...words], { stdio: "ignore" });
  const file = (name: string) => join(data ?? join(folder, "data"), name);
  const files = ["--train", file("train.csv"), "--store", file("store.csv"), "--future", file("test.csv")];
  const home = join(folder, "one");
  execFileSync(process.execPath, [MAIN, "etl", ...files], {
    cwd: folder,
    env: { ...process.env, ROSSMANN_HOME: home },
    stdio: "ignore",
  });

  const before = await onServer(home, async (db) => {
    const seconds = await timed(async () => {
      const { tables } = await writeBackup(db, join(folder, "backup"));
      console.log(
        `rows ${tables.reduce((sum, t) => sum + t.rows, 0)}, ${(tables.reduce((sum, t) => sum + t.bytes, 0) / 1e6).toFixed(1)} MB`,
      );
    });
    console.log(`backup, read back and compared: ${seconds.toFixed(1)} s`);
    return totals(db);
  });
  const after = await onServer(join(folder, "two"), async (db) => {
    const seconds = await timed(() => restoreBackup(db, join(folder, "backup")));
    console.log(`restore, compared: ${seconds.toFixed(1)} s`);
    await migrate(db);
    return totals(db);
  });
  console.log(`totals ${before === after ? "equal" : "DIFFER"}: ${before}`);
  if (before !== after) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function onServer<T>(home: string, work: (db: Db) => Promise<T>): Promise<T> {
  const server = await startEmbedded({ home, logger });
  const db = openDatabase(server.url, { logger });
  try {
    return await work(db);
  } finally {
    await closeDatabase(db);
    await server.stop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function totals(db: Db): Promise<string> {
  const { rows } = await sql<{ text: string }>`
    select concat_ws(', ', count(*), sum(sales), sum(customers), count(distinct store_id)) as text from fact_sales_daily
  `.execute(db);
  return rows[0]!.text;
}
