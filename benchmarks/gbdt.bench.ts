/**
 * The trainer and the predictor against official CatBoost: the same matrix, both in one run, one after the other in turn, the
 * least of some repeats.
 *
 *     node benchmarks/gbdt.bench.ts --data DIR --python PYTHON [--rows 800000] [--features 30] [--repeats 3]
 *     node benchmarks/gbdt.bench.ts --data DIR --memory          peak memory of a training on 650,000 x 95
 *
 * DIR holds train.csv; PYTHON has `pip install catboost==1.2.10`.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BoosterParams, predictRaw, trainBooster, writeModel } from "@rossmann/ml";
import { type Matrix, realMatrix } from "./gbdt-matrix.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string", default: "data" },
    python: { type: "string", default: "python3" },
    rows: { type: "string", default: "800000" },
    features: { type: "string", default: "30" },
    repeats: { type: "string", default: "3" },
    memory: { type: "boolean", default: false },
  },
});
const SKIP = 5;
const TREES = 25;
const BORDERS = 128;

if (args.memory) await measureMemory();
else await compare(Number(args.rows), Number(args.features), Number(args.repeats));

async function compare(rows: number, features: number, repeats: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gbdt-bench-"));
  const official = openOfficial(args.python);
  try {
    const matrix = realMatrix(args.data, rows, features);
    const file = join(folder, "matrix.bin");
    writeFileSync(
      file,
      Buffer.concat([...matrix.columns, Float32Array.from(matrix.target)].map((c) => Buffer.from(c.buffer))),
    );
    const { version } = await official.ask<{ version: string }>({
      task: "load",
      file,
      rows,
      features,
      borders: BORDERS,
    });
    console.log(
      `${rows} x ${features}, depth 6, ${BORDERS} borders; node ${process.version}, catboost ${version}`,
    );

    const settings = (["No", "MVS"] as const).flatMap((bootstrap) =>
      [1, 2].map((threads) => ({ bootstrap, threads })),
    );
    const best = settings.map(() => ({ ours: Infinity, theirs: Infinity }));
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const [i, { bootstrap, threads }] of settings.entries()) {
        const randomStrength = bootstrap === "No" ? 0 : 1;
        const request = {
          task: "train",
          bootstrap,
          threads,
          depth: 6,
          randomStrength,
          skip: SKIP,
          trees: TREES,
        };
        const theirs = await official.ask<{ secondsPerTree: number }>(request);
        best[i].theirs = Math.min(best[i].theirs, theirs.secondsPerTree);
        const params: Partial<BoosterParams> = {
          bootstrap: bootstrap === "No" ? { type: "None" } : { type: "MVS", rate: 0.8 },
          randomStrength,
        };
        best[i].ours = Math.min(best[i].ours, await secondsPerTree(matrix, params, threads));
      }
    console.log("sampling  threads  ours ms/tree  official ms/tree  ratio");
    for (const [i, { bootstrap, threads }] of settings.entries()) {
      const { ours, theirs } = best[i];
      console.log(
        `${bootstrap.padEnd(8)}  ${threads}        ${ms(ours)}      ${ms(theirs)}         ${(ours / theirs).toFixed(2)}`,
      );
    }
    await compareTenth(matrix, best[0].ours, best[1].ours, repeats);
    await comparePrediction(matrix, folder, official, repeats);
  } finally {
    official.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareTenth(matrix: Matrix, one: number, two: number, repeats: number): Promise<void> {
  const rows = Math.floor(matrix.target.length / 10);
  const tenth: Matrix = {
    names: matrix.names,
    columns: matrix.columns.map((column) => column.slice(0, rows)),
    target: matrix.target.slice(0, rows),
  };
  for (const [threads, whole] of [
    [1, one],
    [2, two],
  ]) {
    let best = Infinity;
    for (let repeat = 0; repeat < 2 * repeats; repeat++)
      best = Math.min(
        best,
        await secondsPerTree(tenth, { bootstrap: { type: "None" }, randomStrength: 0 }, threads, 3 * TREES),
      );
    console.log(
      `a tenth of the rows, ${threads} thread(s): ${ms(best)} ms/tree, 1/${(whole / best).toFixed(1)} of the time`,
    );
  }
}

/** Official CatBoost loads a model of ours, predicts the same, and both are timed on one thread. */
async function comparePrediction(
  matrix: Matrix,
  folder: string,
  official: Official,
  repeats: number,
): Promise<void> {
  const trees = 300;
  const rows = Math.min(100_000, matrix.target.length);
  const small = {
    names: matrix.names,
    columns: matrix.columns.map((column) => column.slice(0, rows)),
    target: matrix.target.slice(0, rows),
  };
  const model = await trainBooster(
    small,
    { iterations: trees, borderCount: BORDERS, learningRate: 0.1 },
    { threads: 2 },
  );
  const file = join(folder, "ours.json");
  const out = join(folder, "official.bin");
  writeFileSync(file, writeModel(model));
  const theirs = await official.ask<{ seconds: number }>({
    task: "predict",
    model: file,
    rows,
    repeats,
    out,
  });
  let best = Infinity;
  let raw = new Float64Array(0);
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const started = performance.now();
    raw = predictRaw(model, small.columns) as Float64Array<ArrayBuffer>;
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  const expected = new Float64Array(new Uint8Array(readFileSync(out)).buffer);
  const worst = raw.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  const pace = (seconds: number) => `${((rows * trees) / seconds / 1e6).toFixed(0)} million tree-rows/s`;
  console.log(
    `prediction, ${rows} rows, ${trees} trees, one thread: ours ${pace(best)}, official ${pace(theirs.seconds)}, ratio ${(theirs.seconds / best).toFixed(2)}`,
  );
  console.log(`our model in the official library: forecasts differ by at most ${worst.toExponential(1)}`);
}

async function secondsPerTree(
  matrix: Matrix,
  params: Partial<BoosterParams>,
  threads: number,
  trees = TREES,
): Promise<number> {
  let from = 0;
  let to = 0;
  await trainBooster(
    matrix,
    { iterations: trees, depth: 6, borderCount: BORDERS, learningRate: 0.1, ...params },
    {
      threads,
      onProgress({ tree, elapsedMs }) {
        if (tree === SKIP) from = elapsedMs;
        to = elapsedMs;
      },
    },
  );
  return (to - from) / 1000 / (trees - SKIP);
}

async function measureMemory(): Promise<void> {
  const matrix = realMatrix(args.data, 650_000, 95);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const started = performance.now();
  await trainBooster(matrix, { iterations: TREES, borderCount: BORDERS, learningRate: 0.1 }, { threads: 2 });
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `650,000 x 95, 128 borders, MVS 0.8, two threads: ${TREES} trees in ${((performance.now() - started) / 1000).toFixed(1)} s; ` +
      `peak ${peak.toFixed(0)} MB for the whole process, ${(before / 2 ** 20).toFixed(0)} MB of it before the training`,
  );
}

interface Official {
  ask: <Answer>(request: Record<string, unknown>) => Promise<Answer>;
  close: () => void;
}

function openOfficial(python: string): Official {
  const child = spawn(python, [fileURLToPath(new URL("./gbdt_official.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${python} ended; does it have catboost?`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

function ms(seconds: number): string {
  return (seconds * 1000).toFixed(1).padStart(7);
}
