/**
 * Coverage of the intervals of totals over the backtest's origins: the chain's and each store type's, by day and by calendar
 * week. Each origin is judged by the errors of the others alone.
 *
 *   npx rossmann model export --out model.json
 *   node benchmarks/totals.bench.ts --model model.json
 *
 * Reads the sales from the database that the settings name (the embedded one must run: rossmann up or serve).
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readSettings } from "@rossmann/core";
import { buildPanel, decodeArtifact, totalCoverage } from "@rossmann/ml";
import {
  closeDatabase,
  connectEmbedded,
  openDatabase,
  readPanel,
  resolveDataSource,
} from "@rossmann/warehouse";

const { values } = parseArgs({ options: { model: { type: "string" } } });
if (values.model === undefined) throw new Error("name a model file: --model model.json");
const WITHIN_POINTS = 5;

const settings = readSettings();
const url = settings.DATABASE_URL ?? (await connectEmbedded({ home: settings.home }))?.url;
if (url === undefined)
  throw new Error("the embedded database does not run: start rossmann serve beside this");
const db = openDatabase(url);
const { id } = await resolveDataSource(db, settings.DATA_SOURCE_ID);
const panel = buildPanel(await readPanel(db, id));
await closeDatabase(db);

const rows = totalCoverage(panel, decodeArtifact(readFileSync(values.model)));
if (rows.length === 0) throw new Error("the model does not say what its origins were; train it again");
console.log("total of     by       sums    80 %    90 %    95 %");
for (const [, own] of Map.groupBy(rows, ({ storeType, span }) => `${storeType}|${span}`)) {
  const { storeType, span, count } = own[0]!;
  const shares = own.map(({ level, inside }) => {
    const share = (100 * inside) / count;
    return `${share.toFixed(1).padStart(6)}${Math.abs(share - 100 * level) <= WITHIN_POINTS ? " " : "!"}`;
  });
  const name = storeType === null ? "the chain" : `type ${storeType}`;
  console.log(`${name.padEnd(12)} ${span.padEnd(6)} ${String(count).padStart(6)} ${shares.join(" ")}`);
}
console.log(`! = more than ${WITHIN_POINTS} points beside the level`);
