/**
 * Loads CSVs into a fresh embedded server and prints time and memory: the real data (`ROSSMANN_DATA` names its folder), and a
 * synthetic chain of ten times its rows. Each load is a process of its own, so that its memory is its own.
 *
 *   ROSSMANN_DATA=../data node benchmarks/etl.bench.ts            three loads of the real data, one of ten times the rows
 *   node benchmarks/etl.bench.ts --rows 100000                    no real data: a chain of so many rows, and of ten times as many
 */
import { fork } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createLogger, systemEffects } from "@rossmann/core";
import { type IngestReport, ingest, writeSample } from "@rossmann/etl";
import {
  closeDatabase,
  migrate,
  openDatabase,
  readPanel,
  resolveDataSource,
  startEmbedded,
} from "@rossmann/warehouse";

interface Measured {
  seconds: number;
  rssMb: number;
  report: IngestReport;
  readPanelSeconds: number;
}

const SELF = fileURLToPath(import.meta.url);
const DAYS = 870;
const TENFOLD = 10;

if (process.argv[2] === "--child") await child(process.argv[3]!, process.argv[4]!);
else await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: "string", default: "970379" }, loads: { type: "string", default: "3" } },
  });
  const work = mkdtempSync(join(tmpdir(), "etl-bench-"));
  try {
    console.log(
      `node ${process.version}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
    );
    const real = process.env.ROSSMANN_DATA;
    const once =
      real !== undefined && existsSync(join(real, "train.csv"))
        ? real
        : await sampleOf(Number(values.rows), join(work, "once"));
    const first: Measured[] = [];
    for (let i = 0; i < Number(values.loads); i++) first.push(await measure(work, once));
    const tenfold = await measure(
      work,
      await sampleOf(first[0]!.report.rowsRead * TENFOLD, join(work, "tenfold")),
    );

    const best = first.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const growth = tenfold.report.rowsRead / best.report.rowsRead;
    console.log(`rows      x ${growth.toFixed(2)}`);
    console.log(`time      x ${(tenfold.seconds / best.seconds).toFixed(2)}`);
    console.log(
      `memory    + ${((tenfold.rssMb / Math.max(...first.map((each) => each.rssMb)) - 1) * 100).toFixed(0)} %`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A chain of about so many rows. */
async function sampleOf(rows: number, folder: string): Promise<string> {
  await writeSample(folder, { stores: Math.max(1, Math.round(rows / DAYS / 0.97)), days: DAYS, seed: 1 });
  return folder;
}

async function measure(work: string, data: string): Promise<Measured> {
  const home = mkdtempSync(join(work, "home-"));
  const child = fork(SELF, ["--child", home, data], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const measured = await new Promise<Measured>((done, failed) => {
    child.once("message", (message) => done(message as Measured));
    child.once("exit", (code) => failed(new Error(`the load ended with ${code}`)));
  });
  await new Promise((done) => (child.exitCode === null ? child.once("exit", done) : done(null)));
  const { report, seconds, rssMb, readPanelSeconds } = measured;
  const megabytes = statSync(join(data, "train.csv")).size / 1e6;
  console.log(
    `${report.rowsRead} rows (${megabytes.toFixed(0)} MB): ${seconds.toFixed(2)} s to visible, ` +
      `${Math.round(report.rowsRead / seconds)} rows/s, ${rssMb.toFixed(0)} MB peak RSS, read back ${readPanelSeconds.toFixed(2)} s`,
  );
  return measured;
}

/** One load in a process of its own, from an empty server. */
async function child(home: string, data: string): Promise<void> {
  const effects = systemEffects(createLogger("warn"));
  const server = await startEmbedded({ home, logger: effects.logger });
  const db = openDatabase(server.url);
  await migrate(db);
  const dataSource = await resolveDataSource(db);
  const files = {
    train: join(data, "train.csv"),
    store: join(data, "store.csv"),
    future: join(data, "test.csv"),
  };
  const before = performance.now();
  const report = await ingest(db, { dataSource, ...files }, effects);
  const seconds = (performance.now() - before) / 1000;
  const rssMb = process.resourceUsage().maxRSS / 1024;
  const reading = performance.now();
  await readPanel(db, dataSource.id);
  const readPanelSeconds = (performance.now() - reading) / 1000;
  await closeDatabase(db);
  await server.stop();
  process.send?.({ seconds, rssMb, report, readPanelSeconds } satisfies Measured);
  process.disconnect();
}
