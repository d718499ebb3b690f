/**
 * Statistics over many stored preflight runs, asked through the whole application without a network.
 *
 *   node benchmarks/diagnostics.bench.ts [--runs 100000] [--requests 300]
 *
 * A run examines two files with eleven rules in all; a tenth of the files warn, a tenth fail, and each of those breaks one to
 * three rules. The runs are spread over a year.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildApp } from "@rossmann/backend";
import { createLogger, readSettings } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import {
  closeDatabase,
  createApiKey,
  type Db,
  migrate,
  openDatabase,
  startEmbedded,
} from "@rossmann/warehouse";
import { sql } from "kysely";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "100000" }, requests: { type: "string", default: "300" } },
});
const requests = Number(values.requests);
const logger = createLogger("silent");
const TARGET_MS = 50;

const home = await mkdtemp(join(tmpdir(), "diagnostics-bench-"));
const server = await startEmbedded({ home, logger });
const db = openDatabase(server.url);
try {
  await migrate(db);
  console.log(`${cpus().length} cores ${cpus()[0]?.model}, Node ${process.version}`);
  const start = performance.now();
  await store(db, Number(values.runs));
  console.log(`stored in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  const settings = Object.freeze({
    ...readSettings({ ROSSMANN_HOME: home, RATE_LIMIT_PER_MINUTE: "1000000" }, home),
  });
  const forecaster = createForecaster(db);
  const app = buildApp({ db, forecaster, settings, effects: { now: Date.now, logger } });
  const { secret } = await createApiKey(db, {
    name: "bench",
    scopes: ["diagnostics:read"],
    createdBy: "bench",
  });

  const filters = [
    "",
    "source_name=train",
    "data_source_id=1",
    "mode=enforce",
    "final_status=FAIL",
    "days=30",
    "days=365",
  ];
  const questions = {
    stats: "stats?",
    "trends by day": "trends?bucket=day&",
    "trends by hour": "trends?bucket=hour&",
    "rules/top": "rules/top?",
    "runs, a page": "runs?limit=20&",
  };
  for (const [name, path] of Object.entries(questions)) {
    const times: number[] = [];
    const byFilter = new Map<string, number[]>();
    for (let round = -filters.length; round < requests; round++) {
      const filter = filters[(round + filters.length) % filters.length]!;
      // A page of runs has no window.
      if (name.startsWith("runs") && filter.startsWith("days")) continue;
      const begun = performance.now();
      const answer = await app.inject({
        url: `/api/v1/diagnostics/preflight/${path}${filter}`,
        headers: { "x-api-key": secret },
      });
      const took = performance.now() - begun;
      if (answer.statusCode !== 200) throw new Error(answer.body);
      if (round < 0) continue;
      times.push(took);
      byFilter.set(filter, [...(byFilter.get(filter) ?? []), took]);
    }
    const [slowest] = [...byFilter].toSorted(([, a], [, b]) => at(b, 0.5) - at(a, 0.5));
    console.log(
      `${name}: p50 ${at(times, 0.5).toFixed(1)} ms, p95 ${at(times, 0.95).toFixed(1)} ms (at most ${TARGET_MS}), slowest filter "${slowest?.[0]}" ${at(slowest?.[1] ?? [], 0.5).toFixed(1)} ms`,
    );
  }
  await app.close();
} finally {
  await closeDatabase(db);
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

function at(times: number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? Number.NaN;
}

/** What `recordPreflightRun` would have written, in two statements. */
async function store(on: Db, runs: number): Promise<void> {
  await on.connection().execute(async (one) => {
    await sql`set statement_timeout = 0`.execute(one);
    await sql`select setseed(0.5)`.execute(one);
    await sql`
      insert into preflight_run_registry (
        run_id, source_name, created_at, mode, validation_status, semantic_status, final_status, used_input_path, used_unified,
        artifact_dir, validation_report_path, manifest_path, summary_json, blocked, block_reason, data_source_id, contract_id,
        contract_version
      )
      select
        'run_' || n, source, now() - (n * interval '1 year' / ${runs}::integer), mode, 'PASS', verdict, verdict,
        'run_' || n || '/' || source || '/unified.csv', mode = 'enforce' and verdict <> 'FAIL', 'run_' || n || '/' || source,
        'run_' || n || '/' || source || '/validation_report.json', 'run_' || n || '/' || source || '/manifest.json',
        jsonb_build_object(
          'mode', mode, 'validation', jsonb_build_object('status', 'PASS', 'errors_count', 0, 'warnings_count', 0),
          'semantic', jsonb_build_object('status', verdict, 'counts', jsonb_build_object('total', 8, 'passed', 7)),
          'file', jsonb_build_object('name', source || '.csv', 'size_bytes', 1000000, 'sha256', md5(n::text) || md5(n::text)),
          'rows', jsonb_build_object('read', 1000, 'accepted', 990, 'rejected', 10), 'elapsed_ms', 1000),
        mode = 'enforce' and verdict = 'FAIL', case when mode = 'enforce' and verdict = 'FAIL' then 'semantic_fail' end, 1,
        'rossmann_input_contract', 'v1'
      from (
        select
          n, source, case when random() < 0.5 then 'enforce' else 'report_only' end as mode,
          (array['FAIL', 'WARN', 'PASS', 'PASS', 'PASS', 'PASS', 'PASS', 'PASS', 'PASS', 'PASS'])[1 + floor(random() * 10)::integer]
            as verdict
        from generate_series(1, ${runs}::integer) as n, unnest(array['train', 'store']) as source
      ) as examined`.execute(one);
    await sql`
      insert into preflight_rule_outcome (
        run_id, source_name, rule_id, rule_type, severity, status, failed_count, message, created_at, data_source_id, mode, final_status
      )
      select
        r.run_id, r.source_name, 'rule_' || k, 'between', case when r.final_status = 'WARN' then 'WARN' else 'FAIL' end,
        case when r.final_status in ('WARN', 'FAIL') and k <= 1 + (hashtext(r.run_id) & 1) + (hashtext(r.run_id) >> 1 & 1)
          then r.final_status else 'PASS' end,
        case when r.final_status in ('WARN', 'FAIL') then 10 else 0 end, 'sales is 0 or more: 10 of 1,000 rows are not', r.created_at,
        r.data_source_id, r.mode, r.final_status
      from preflight_run_registry as r
      cross join generate_series(1, case when r.source_name = 'train' then 8 else 3 end) as k`.execute(one);
    // As autovacuum leaves it: pages that everybody may see are not looked at by counting from an index.
    await sql`vacuum analyze preflight_run_registry`.execute(one);
    await sql`vacuum analyze preflight_run_count`.execute(one);
    await sql`vacuum analyze preflight_rule_count`.execute(one);
    await sql`vacuum analyze preflight_rule_outcome`.execute(one);
  });
}
