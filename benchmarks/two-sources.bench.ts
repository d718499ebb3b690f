/**
 * Loads two data sources at the same time and kills the process of one of them with SIGKILL at random moments, while somebody
 * looks at both all the time.
 *
 *   node benchmarks/two-sources.bench.ts [--rounds 50] [--seed 1]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createLogger } from "@rossmann/core";
import { writeSample } from "@rossmann/etl";
import { closeDatabase, migrate, openDatabase, startEmbedded } from "@rossmann/warehouse";
import { killOneOfTwo } from "../etl/test/two-loads.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "50" }, seed: { type: "string", default: "1" } },
});
const work = mkdtempSync(join(tmpdir(), "two-sources-bench-"));
const server = await startEmbedded({ home: join(work, "home"), logger: createLogger("silent") });
const db = openDatabase(server.url);
try {
  console.log(
    `node ${process.version}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
  );
  await migrate(db);
  await writeSample(join(work, "one"), { stores: 40, days: 400, seed: 1 });
  await writeSample(join(work, "two"), { stores: 60, days: 400, seed: 2 });
  const other = await writeSample(join(work, "other"), { stores: 50, days: 400, seed: 3 });
  const startedAt = performance.now();
  const seen = await killOneOfTwo(
    db,
    server.url,
    { one: join(work, "one"), two: join(work, "two"), other },
    Number(values.rounds),
    Number(values.seed),
  );
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(
    `${seen.rounds} rounds in ${seconds} s: ${seen.rounds - seen.through} loads killed before they were through, ${seen.through} just after`,
  );
  console.log(`${seen.looks} looks at both sources meanwhile:`);
  console.log(`  other totals of the other source       ${seen.otherChanged}`);
  console.log(`  neither old nor new totals             ${seen.neitherOldNorNew}`);
  console.log(`  runs that say something else           ${seen.wrongRuns}`);
  console.log(`  loads of the other source that failed  ${seen.otherFailed}`);
  const faults = seen.otherChanged + seen.neitherOldNorNew + seen.wrongRuns + seen.otherFailed;
  if (faults > 0) process.exitCode = 1;
} finally {
  await closeDatabase(db);
  await server.stop();
  rmSync(work, { recursive: true, force: true });
}
