/** Two data sources that are loaded at the same time while the process of one of them is killed, again and again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createLogger, createRandom, systemEffects } from "@rossmann/core";
import {
  createDataSource,
  type DataSource,
  type Db,
  failStaleRuns,
  kpiSummary,
  listEtlRuns,
} from "@rossmann/warehouse";
import { ingest, type WrittenSample } from "../src/index.ts";

/** What came of the rounds; every promise is a count that must be 0. */
export interface TwoLoads {
  rounds: number;
  /** rounds in which the load was through before it was killed */
  through: number;
  /** times somebody looked while the loads worked */
  looks: number;
  /** looks that saw other totals of the source that nobody touched */
  otherChanged: number;
  /** looks that saw neither the old nor the new totals of the source whose load was killed */
  neitherOldNorNew: number;
  /** runs of a killed load that are not FAILED while the old totals show, or not COMPLETED while the new ones do */
  wrongRuns: number;
  /** loads of the other source that failed */
  otherFailed: number;
}

const script = fileURLToPath(new URL("./load-and-die.ts", import.meta.url));
const quiet = systemEffects(createLogger("silent"));
const LOOK_MS = 15;
/** Some are to be through before they are killed. */
const SLOWER_BESIDE_ANOTHER = 1.8;

/**
 * @param files  what the sources hold: the killed one changes between `one` and `two`, the other one is loaded with `other`
 *   again and again
 * @param rounds kills
 * @param seed   of the moments
 */
export async function killOneOfTwo(
  db: Db,
  url: string,
  files: { one: string; two: string; other: WrittenSample },
  rounds: number,
  seed: number,
): Promise<TwoLoads> {
  const random = createRandom(seed);
  const victim = await createDataSource(db, { name: `killed ${seed}` });
  const other = await createDataSource(db, { name: `other ${seed}` });
  const loadOther = () => ingest(db, { dataSource: other, ...pathsOf(files.other) }, quiet);
  await loadOther();
  const usualMs = await loadWhole(url, victim, files.two);
  const two = await totals(db, victim);
  await loadWhole(url, victim, files.one);
  const one = await totals(db, victim);
  const untouched = await totals(db, other);

  const seen: TwoLoads = {
    rounds,
    through: 0,
    looks: 0,
    otherChanged: 0,
    neitherOldNorNew: 0,
    wrongRuns: 0,
    otherFailed: 0,
  };
  let now = one;
  let lastRun = (await listEtlRuns(db, { dataSourceId: victim.id, limit: 1 }))[0]?.runId;
  for (let round = 0; round < rounds; round++) {
    const [folder, next] = now === one ? [files.two, two] : [files.one, one];
    const child = start(url, victim, folder);
    const ended = once(child, "exit");
    const bystander = loadOther().catch(() => seen.otherFailed++);
    let isOver = false;
    const looking = look();
    await sleep(random.uniform() * usualMs * SLOWER_BESIDE_ANOTHER);
    child.kill("SIGKILL");
    await Promise.all([ended, bystander]);
    isOver = true;
    await looking;
    await runsClosed(db, victim);

    const shown = await totals(db, victim);
    const [run] = await listEtlRuns(db, { dataSourceId: victim.id, limit: 1 });
    const isThrough = shown === next && shown !== now;
    if (isThrough) seen.through++;
    // Killed before it had begun, it left no run, and the newest one is of a round before.
    if (run?.runId !== lastRun && run?.status !== (isThrough ? "COMPLETED" : "FAILED")) seen.wrongRuns++;
    if (isThrough && run?.runId === lastRun) seen.wrongRuns++;
    lastRun = run?.runId;
    now = shown;

    async function look(): Promise<void> {
      while (!isOver) {
        seen.looks++;
        if ((await totals(db, other)) !== untouched) seen.otherChanged++;
        const shows = await totals(db, victim);
        if (shows !== one && shows !== two) seen.neitherOldNorNew++;
        await sleep(LOOK_MS);
      }
    }
  }
  return seen;
}

const pathsOf = ({ train, store, future }: WrittenSample) => ({ train, store, future });

/** All that a person sees of a source, as one text. */
async function totals(db: Db, { id }: DataSource): Promise<string> {
  const figures = await kpiSummary(db, { dataSourceId: id, dateFrom: "2000-01-01", dateTo: "2100-01-01" });
  return JSON.stringify(figures);
}

const start = (url: string, source: DataSource, folder: string): ChildProcess =>
  spawn(process.execPath, [script, url, String(source.id), folder, "never", "0"], { stdio: "ignore" });

/** Load to the end. @returns milliseconds */
async function loadWhole(url: string, source: DataSource, folder: string): Promise<number> {
  const startedAt = performance.now();
  await once(start(url, source, folder), "exit");
  return performance.now() - startedAt;
}

/** The server notices a killed process after a moment; until then its run counts as alive. */
async function runsClosed(db: Db, source: DataSource): Promise<void> {
  for (;;) {
    await failStaleRuns(db);
    const alive = await listEtlRuns(db, { dataSourceId: source.id, status: "RUNNING", limit: 1 });
    if (alive.length === 0) return;
    await sleep(LOOK_MS);
  }
}
