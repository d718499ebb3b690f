import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listPolicyHealth, listSchedulerJobs } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAIN } from "./run.ts";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), "rossmann-worker-"));
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

test("two workers share the ticks: the shipped policies are evaluated, deliveries looked for, and SIGTERM ends both well", async () => {
  const workers = [1, 2].map(() =>
    spawn(process.execPath, [MAIN, "worker"], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        ROSSMANN_HOME: folder,
        DATABASE_URL: database.url,
        LOG_LEVEL: "silent",
        PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS: "1",
        PREFLIGHT_NOTIFICATIONS_INTERVAL_SECONDS: "1",
      },
      stdio: "ignore",
    }),
  );
  const ends = workers.map((worker) => once(worker, "exit"));
  const jobsThatWorked = async () =>
    (await listSchedulerJobs(database.db))
      .filter(({ lastSuccessAt, lastFailureAt }) => lastSuccessAt !== null && lastFailureAt === null)
      .map(({ jobName }) => jobName);
  const deadline = performance.now() + 30_000;
  while ((await jobsThatWorked()).length < 2 && performance.now() < deadline) await sleep(100);
  expect(await jobsThatWorked()).toEqual(["alerts", "notifications"]);
  const health = await listPolicyHealth(database.db);
  expect(health.map(({ policyId }) => policyId)).toContain("blocked_runs_any_7d");
  expect(health.filter((each) => each.health === "error")).toEqual([]);

  for (const worker of workers) worker.kill("SIGTERM");
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0]);
});
