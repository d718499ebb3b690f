/**
 * The whole chain with the real programs: the API is scraped with a key, a rule fires, Alertmanager routes it to a receiver, all
 * resolves. The files are the shipped ones with seconds in place of minutes.
 */
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openAlertDesk, startAlertWorker, startWebhookSink, type WebhookSink } from "@rossmann/alerts";
import { type RunningServer, startServer } from "@rossmann/backend";
import { createLogger, readSettings, systemEffects } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { createApiKey, recordPreflightRun } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPrograms, reasonOf } from "./programs.ts";
import { fasterFiles, freePort, startProgram, until } from "./stack.ts";

const MONITORING = fileURLToPath(new URL("../../../monitoring/", import.meta.url));
const { commands, missing } = findPrograms("prometheus", "alertmanager");

describe.skipIf(missing.length > 0)(`a real Prometheus and a real Alertmanager${reasonOf(missing)}`, () => {
  let folder: string;
  let database: TestDatabase;
  let server: RunningServer;
  let sink: WebhookSink;
  let prometheusUrl: string;
  const programs: ChildProcess[] = [];
  /** the last word on each alert, by name: firing or resolved, and where it was heard */
  const heard = new Map<string, { status: string; path: string }>();
  let worker: ReturnType<typeof startAlertWorker>;
  let parts: Parameters<typeof openAlertDesk>[0];
  let desk: ReturnType<typeof openAlertDesk>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "monitoring-chain-"));
    database = await createTestDatabase();
    const { secret } = await createApiKey(database.db, {
      name: "prometheus",
      scopes: ["diagnostics:read"],
      createdBy: "test",
    });
    const settings = readSettings(
      {
        ROSSMANN_HOME: folder,
        PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS: "1",
        PREFLIGHT_NOTIFICATIONS_INTERVAL_SECONDS: "1",
      },
      folder,
    );
    const logger = createLogger("silent");
    parts = { db: database.db, settings, environment: {}, folder, logger };
    desk = openAlertDesk(parts);
    worker = startAlertWorker(desk, parts);
    server = await startServer({
      db: database.db,
      settings,
      desk,
      effects: systemEffects(logger),
      forecaster: createForecaster(database.db),
      host: "127.0.0.1",
      port: 0,
    });
    sink = await startWebhookSink({
      onDelivery({ path, body }) {
        const { alerts } = JSON.parse(body) as {
          alerts: { status: string; labels: { alertname: string } }[];
        };
        for (const { status, labels } of alerts) heard.set(labels.alertname, { status, path });
      },
    });

    const alertmanager = `127.0.0.1:${await freePort()}`;
    const prometheus = `127.0.0.1:${await freePort()}`;
    prometheusUrl = `http://${prometheus}`;
    fasterFiles(MONITORING, folder, {
      api: `127.0.0.1:${server.port}`,
      alertmanager,
      sink: sink.url.replace(/\/$/, ""),
      key: secret,
    });
    const started = await Promise.all([
      startProgram(
        commands.alertmanager,
        [
          `--config.file=${join(folder, "alertmanager/alertmanager.yml")}`,
          `--storage.path=${join(folder, "alertmanager-data")}`,
          `--web.listen-address=${alertmanager}`,
          "--cluster.listen-address=",
        ],
        `http://${alertmanager}/-/ready`,
      ),
      startProgram(
        commands.prometheus,
        [
          `--config.file=${join(folder, "prometheus/prometheus.yml")}`,
          `--storage.tsdb.path=${join(folder, "prometheus-data")}`,
          `--web.listen-address=${prometheus}`,
        ],
        `${prometheusUrl}/-/ready`,
      ),
    ]);
    programs.push(...started.map(({ child }) => child));
  });
  afterAll(async () => {
    for (const child of programs) child.kill("SIGKILL");
    await worker.stop();
    await server.close();
    await desk.close();
    await sink.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function query(expression: string): Promise<number | null> {
    const answer = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result[0] === undefined ? null : Number(data.result[0].value[1]);
  }
  const isHeard = (alert: string, status: string) =>
    until(`${alert} is ${status}`, () => heard.get(alert)?.status === status);

  test("scrapes the API with its key, in a text that it can read whole", async () => {
    await until("the first scrape", async () => (await query('up{job="rossmann_api"}')) === 1);
    expect(await query('preflight_blocked_total{source_name="train"}')).toBe(0);
    expect(await query('count({__name__=~"preflight_.*"})')).toBeGreaterThan(100);
    const wrong = await fetch(`${server.url}/api/v1/diagnostics/metrics`, {
      headers: { authorization: "Bearer wrong" },
    });
    expect(wrong.status).toBe(401);
  });

  test("a blocked load makes its rule fire, and Alertmanager routes it by severity; it resolves when the time has passed", async () => {
    // Only what is counted between two scrapes is an increase.
    await until(
      "two scrapes",
      async () => ((await query('count_over_time(up{job="rossmann_api"}[1m])')) ?? 0) >= 2,
    );
    await recordPreflightRun(
      database.db,
      {
        run_id: randomUUID(),
        source_name: "train",
        created_at: new Date().toISOString(),
        mode: "enforce",
        validation_status: "FAIL",
        semantic_status: "PASS",
        final_status: "FAIL",
        used_input_path: "train.csv",
        used_unified: false,
        artifact_dir: null,
        validation_report_path: null,
        manifest_path: null,
        summary_json: {},
        blocked: true,
        block_reason: "validation_fail",
        data_source_id: null,
        contract_id: null,
        contract_version: null,
      },
      [],
    );
    await isHeard("PreflightBlockedRunsDetected", "firing");
    expect(heard.get("PreflightBlockedRunsDetected")?.path).toBe("/alerts/high");
    await isHeard("PreflightBlockedRunsDetected", "resolved");
  });

  test("a scheduler that is stopped makes the staleness rule fire; started again, it resolves", async () => {
    // A machine that was busy may have made it late once already.
    await until("the schedule keeps time", () => heard.get("AlertsSchedulerStale")?.status !== "firing");
    heard.delete("AlertsSchedulerStale");
    await worker.stop();
    await isHeard("AlertsSchedulerStale", "firing");
    worker = startAlertWorker(desk, parts);
    await isHeard("AlertsSchedulerStale", "resolved");
  });
});
