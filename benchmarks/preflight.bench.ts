/**
 * Preflight on real files, on ten times as many rows, on broken files and on patterns that ruin other engines.
 *
 *   node benchmarks/preflight.bench.ts [--data FOLDER] [--rounds 5] [--malformed 10000] [--only size,tenfold,malformed,patterns,etl]
 *
 * FOLDER holds train.csv, store.csv and test.csv. Each measurement of time and memory runs in a process of its own.
 */
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createLogger, isoDate, parseIsoDate, systemEffects } from "@rossmann/core";
import {
  ingest,
  type LoadedContract,
  loadContract,
  type PreflightOutcome,
  parseContract,
  preflightAdmission,
  resolvePreflightOptions,
  runPreflight,
} from "@rossmann/etl";
import { closeDatabase, migrate, openDatabase, resolveDataSource, startEmbedded } from "@rossmann/warehouse";
import fc from "fast-check";
import { evilPatterns } from "../etl/test/preflight/evil-patterns.ts";
import { MILLION_COLUMNS, malformedFile } from "../etl/test/preflight/malformed-files.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: process.env.ROSSMANN_DATA ?? "data" },
    rounds: { type: "string", default: "5" },
    malformed: { type: "string", default: "10000" },
    only: { type: "string", default: "size,tenfold,malformed,patterns,etl" },
    measure: { type: "string" },
  },
});
const effects = systemEffects(createLogger("silent"));
const data = resolve(values.data);
const rounds = Number(values.rounds);
/** Seven times 143 days: weekdays stay, and ten copies of three years do not meet. */
const SHIFT_DAYS = 1001;

if (values.measure === undefined) await main();
else console.log(JSON.stringify(await measure(values.measure)));

async function main(): Promise<void> {
  const parts = new Set(values.only.split(","));
  const folder = await mkdtemp(join(tmpdir(), "preflight-bench-"));
  console.log(`${cpus().length} cores ${cpus()[0]?.model}, Node ${process.version}`);
  try {
    if (parts.has("size") || parts.has("tenfold")) {
      const file = join(data, "train.csv");
      tell("train.csv, enforce, all rules", inOwnProcess(file, rounds));
      if (parts.has("tenfold")) {
        const large = join(folder, "train.csv");
        await tenfold(file, large);
        // As many rounds for both: a process keeps some memory from round to round.
        const [one, ten] = [inOwnProcess(file, 2), inOwnProcess(large, 2)];
        tell("ten times the rows", ten);
        console.log(
          `  time x ${(ten.minMs / one.minMs).toFixed(2)} (at most 11), work x ${(ten.cpuMs / one.cpuMs).toFixed(2)}, memory x ${(ten.rssMb / one.rssMb).toFixed(3)} (at most 1.15)`,
        );
      }
    }
    if (parts.has("malformed")) await malformed(folder, Number(values.malformed));
    if (parts.has("patterns")) await patterns(folder);
    if (parts.has("etl")) await costOfEnforce(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  minMs: number;
  meanMs: number;
  /** work of all threads in one round: what is left of the time when others use the machine too */
  cpuMs: number;
  rssMb: number;
  rows: number;
  status: string;
}

function inOwnProcess(file: string, times: number): Measured {
  const words = [import.meta.filename, "--measure", file, "--data", data, "--rounds", String(times)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" })) as Measured;
}

async function measure(file: string): Promise<Measured> {
  const contract = await loadContract("rossmann_input_contract");
  const folder = await mkdtemp(join(tmpdir(), "preflight-measure-"));
  const times: number[] = [];
  const begun = process.cpuUsage();
  let outcome: PreflightOutcome | undefined;
  try {
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      outcome = await runPreflight({
        source: "train",
        file,
        contract,
        mode: "enforce",
        artifactRoot: folder,
        related: { store: join(data, "store.csv") },
        effects,
      });
      times.push(performance.now() - start);
      await rm(outcome.artifactDir!, { recursive: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { user, system } = process.cpuUsage(begun);
  return {
    cpuMs: (user + system) / 1000 / rounds,
    minMs: Math.min(...times),
    meanMs: times.reduce((sum, ms) => sum + ms, 0) / times.length,
    rssMb: process.resourceUsage().maxRSS / 1024,
    rows: outcome!.rowsRead,
    status: outcome!.finalStatus,
  };
}

function tell(title: string, { minMs, meanMs, cpuMs, rssMb, rows, status }: Measured): void {
  console.log(
    `${title}: ${rows.toLocaleString("en-US")} rows, ${status}, min ${(minMs / 1000).toFixed(2)} s, mean ${(meanMs / 1000).toFixed(2)} s, work ${(cpuMs / 1000).toFixed(2)} s, ${rssMb.toFixed(0)} MB`,
  );
}

/** Ten copies of the file behind each other, each some years later. */
async function tenfold(from: string, to: string): Promise<void> {
  const out = createWriteStream(to);
  for (let copy = 0; copy < 10; copy++) {
    const shifted = new Map<string, string>();
    let line = 0;
    let batch: string[] = [];
    for await (const text of createInterface({ input: createReadStream(from) })) {
      if (line++ === 0) {
        if (copy === 0) batch.push(text);
        continue;
      }
      const cells = text.split(",");
      const day = cells[2]!;
      if (!shifted.has(day)) shifted.set(day, isoDate(parseIsoDate(day)! + copy * SHIFT_DAYS));
      cells[2] = shifted.get(day)!;
      batch.push(cells.join(","));
      if (batch.length === 20_000) {
        if (!out.write(`${batch.join("\n")}\n`))
          await new Promise<void>((done) => out.once("drain", () => done()));
        batch = [];
      }
    }
    out.write(`${batch.join("\n")}\n`);
  }
  out.end();
  await finished(out);
}

/** Broken files: none may crash, hang, or end without a report. */
async function malformed(folder: string, count: number): Promise<void> {
  const contract = await loadContract("rossmann_input_contract");
  const artifactRoot = join(folder, "artifacts");
  const file = join(folder, "broken.csv");
  const verdicts: Record<string, number> = {};
  let slowest = 0;
  const examine = async (bytes: Buffer) => {
    await writeFile(file, bytes);
    const start = performance.now();
    const outcome = await runPreflight({
      source: "train",
      file,
      contract,
      mode: "enforce",
      artifactRoot,
      related: { store: join(data, "store.csv") },
      effects,
    });
    slowest = Math.max(slowest, performance.now() - start);
    if (outcome.artifacts.preflight === undefined) throw new Error("a file ended without a report");
    verdicts[outcome.finalStatus] = (verdicts[outcome.finalStatus] ?? 0) + 1;
    await rm(join(artifactRoot, outcome.runId), { recursive: true });
  };
  const start = performance.now();
  await fc.assert(fc.asyncProperty(malformedFile(), examine), { seed: 31_07_2015, numRuns: count });
  await examine(MILLION_COLUMNS);
  console.log(
    `${(count + 1).toLocaleString("en-US")} malformed files: ${JSON.stringify(verdicts)}, slowest ${slowest.toFixed(0)} ms, ${((performance.now() - start) / 1000).toFixed(0)} s in all`,
  );
}

/** The work of a whole examination of a file with one cell of 50 kB, per pattern; what it takes with a harmless pattern is taken off. */
async function patterns(folder: string): Promise<void> {
  const file = join(folder, "cell.csv");
  const timed = async (pattern: string, text: string) => {
    await writeFile(file, `t\n${text}\n`);
    const contract = patternContract(pattern);
    const begun = process.cpuUsage();
    const outcome = await runPreflight({
      source: "train",
      file,
      contract,
      mode: "enforce",
      artifactRoot: join(folder, "patterns"),
      effects,
    });
    if (outcome.rules[0]!.status === "ERROR") throw new Error(`${pattern}: ${outcome.rules[0]!.message}`);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  };
  const harmless: number[] = [];
  for (let round = 0; round < 10; round++) harmless.push(await timed("[0-9]+", "a".repeat(50_000)));
  const base = harmless.toSorted((a, b) => a - b)[5]!;
  const times: { pattern: string; ms: number }[] = [];
  for (const { pattern, text } of evilPatterns()) times.push({ pattern, ms: await timed(pattern, text) });
  const worst = times.toSorted((a, b) => b.ms - a.ms)[0]!;
  console.log(
    `${times.length} evil patterns on 50 kB: slowest ${worst.pattern}, ${(worst.ms - base).toFixed(0)} ms of work beyond the ${base.toFixed(0)} ms of an examination`,
  );
}

function patternContract(pattern: string): LoadedContract {
  const text = `contract_version: v1
format: csv
limits: { max_rows: 10, max_file_size_mb: 1 }
profiles:
  train:
    columns: [{ canonical_name: t, dtype: string }]
    quality_rules: { columns: [{ id: evil, type: pattern, column: t, pattern: ${JSON.stringify(pattern)} }] }
`;
  return {
    id: null,
    version: "v1",
    contract: parseContract(text, "bench"),
    path: "",
    sha256: "",
    isReleased: false,
  };
}

/** A whole load of the real files with and without preflight. */
async function costOfEnforce(folder: string): Promise<void> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  const server = await startEmbedded({ home, logger: effects.logger });
  const db = openDatabase(server.url);
  try {
    await migrate(db);
    const dataSource = await resolveDataSource(db, undefined);
    const load = async (mode: string) => {
      const options = resolvePreflightOptions([{ mode, artifactDir: join(folder, "load") }, {}, {}]);
      const start = performance.now();
      await ingest(
        db,
        {
          dataSource,
          train: join(data, "train.csv"),
          store: join(data, "store.csv"),
          future: join(data, "test.csv"),
          preflightMode: options.mode,
          admit: preflightAdmission(db, dataSource, options, effects),
        },
        effects,
      );
      return performance.now() - start;
    };
    const off: number[] = [];
    const enforce: number[] = [];
    await load("off");
    for (let round = 0; round < 3; round++) {
      off.push(await load("off"));
      enforce.push(await load("enforce"));
    }
    const [plain, checked] = [Math.min(...off), Math.min(...enforce)];
    console.log(
      `etl of the real files: off ${(plain / 1000).toFixed(2)} s, enforce ${(checked / 1000).toFixed(2)} s, ${((checked / plain - 1) * 100).toFixed(0)} % more (at most 40 %)`,
    );
  } finally {
    await closeDatabase(db);
    await server.stop();
  }
}
