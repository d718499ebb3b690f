/**
 * A stop under load (100 requests a second), and the database away for a minute: what was dropped, how long each took.
 *
 *   node benchmarks/reliability.bench.ts [seconds the database is away, default 60]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase, loadRows } from "@rossmann/warehouse/testing";
import { layCable, startServing } from "../cli/test/serving.ts";
import { ask, steadyLoad, until } from "../cli/test/steady-load.ts";

const AWAY_SECONDS = Number(process.argv[2] ?? 60);
const PERIOD = "date_from=2015-01-01&date_to=2015-01-31";
const PATHS = [
  `/api/v1/kpi/summary?${PERIOD}`,
  "/api/v1/stores",
  `/api/v1/sales/timeseries?granularity=daily&${PERIOD}`,
];

const folder = mkdtempSync(join(tmpdir(), "rossmann-reliability-"));
const database = await createTestDatabase();
await loadRows(database.db, { sales: [{ storeId: 1, date: "2015-01-05", sales: 100 }] });
const serve = (url: string) =>
  startServing(folder, ["serve", "--port", "0"], {
    DATABASE_URL: url,
    RATE_LIMIT_PER_MINUTE: "1000000",
    MODEL_PATH: "not-asked-for",
  });
try {
  const first = await serve(database.url);
  const load = steadyLoad(first.url, PATHS, 100);
  await sleep(5000);
  const stopped = performance.now();
  first.child.kill("SIGTERM");
  const code = await first.ended;
  const seconds = (performance.now() - stopped) / 1000;
  await load.stop();
  const count = (kind: string) => load.fates.filter((fate) => fate.kind === kind).length;
  const failed = load.fates.filter(({ kind, status }) => kind === "answered" && status !== 200).length;
  console.log(
    `stop under 100 requests/s: ${count("answered")} answered (${failed} not with 200), ${count("dropped")} dropped, exit ${code} after ${seconds.toFixed(1)} s`,
  );

  const address = new URL(database.url);
  const cable = await layCable(address.hostname, Number(address.port));
  address.port = String(cable.port);
  const second = await serve(address.href);
  for (const path of PATHS) await ask(`${second.url}${path}`);
  await cable.cut();
  const away = steadyLoad(second.url, PATHS, 20);
  await sleep(AWAY_SECONDS * 1000);
  await away.stop();
  await cable.mend();
  const back = performance.now();
  await until(async () => (await ask(`${second.url}${PATHS[0]}`)).status === 200);
  const recovery = (performance.now() - back) / 1000;
  const other = away.fates.filter(({ status }) => status !== 503).length;
  const slowest = Math.max(...away.fates.map(({ ms }) => ms));
  console.log(
    `database away for ${AWAY_SECONDS} s: ${away.fates.length} questions, ${other} not answered with 503, slowest ${slowest.toFixed(0)} ms, first answer ${recovery.toFixed(1)} s after its return`,
  );
  second.child.kill("SIGTERM");
  await second.ended;
  await cable.cut();
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
