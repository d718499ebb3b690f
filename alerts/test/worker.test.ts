import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readSettings } from "@rossmann/core";
import { listSchedulerJobs } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createGuard,
  createPostman,
  enabledChannels,
  openAlertDesk,
  parseChannels,
  type SunkDelivery,
  sendTestNotification,
  startAlertWorker,
  startWebhookSink,
} from "../src/index.ts";
import { addRun, silent } from "./parts.ts";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), "rossmann-alerts-"));
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

async function until(claim: () => boolean, ms = 15_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!claim()) {
    if (performance.now() > deadline) throw new Error("this took too long");
    await sleep(20);
  }
}

test("a blocked load is told on every channel that is switched on, by a worker that only has settings and files", async () => {
  const seen: SunkDelivery[] = [];
  const sink = await startWebhookSink({ secret: "s3cret", onDelivery: (delivery) => seen.push(delivery) });
  writeFileSync(
    join(folder, "policies.yaml"),
    'policies: [{id: blocked, severity: HIGH, metric_type: blocked_count, operator: ">=", threshold: 1}]',
  );
  writeFileSync(
    join(folder, "channels.yaml"),
    `channels:
  - {id: hook, enabled: true, target_url: "\${SINK}", signing_secret_env: SECRET, group_wait: 0}
  - {id: chat, type: slack, enabled: true, target_url: "\${SINK}chat", group_wait: 0}
  - {id: file, type: log, enabled: true, path: told.log, group_wait: 0}
`,
  );
  const settings = readSettings(
    {
      ROSSMANN_HOME: folder,
      PREFLIGHT_ALERT_POLICY_PATH: "policies.yaml",
      PREFLIGHT_NOTIFICATION_CHANNELS_PATH: "channels.yaml",
      PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS: "1",
      PREFLIGHT_NOTIFICATIONS_INTERVAL_SECONDS: "1",
      PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS: "127.0.0.1/32",
    },
    folder,
  );
  const parts = {
    db: database.db,
    settings,
    environment: { SINK: sink.url, SECRET: "s3cret" },
    folder,
    logger: silent,
  };
  const desk = openAlertDesk(parts);
  const workers = [startAlertWorker(desk, parts), startAlertWorker(desk, parts)];
  await addRun(database.db, { blocked: true });
  await until(() => seen.length >= 2 && existsSync(join(folder, "logs/told.log")));
  await Promise.all(workers.map((worker) => worker.stop()));
  await desk.close();
  await sink.close();

  expect(seen).toHaveLength(2);
  const hook = seen.find(({ path }) => path === "/")!;
  expect(hook).toMatchObject({ standard: { accepted: true }, preflight: { accepted: true } });
  expect(JSON.parse(hook.body)).toMatchObject({ event_type: "ALERT_FIRING", alert: { alert_id: "blocked" } });
  expect(JSON.parse(seen.find(({ path }) => path === "/chat")!.body).text).toMatch(
    /^\*\[FIRING\] HIGH blocked\*\nFIRING since .*blocked_count/,
  );
  const lines = readFileSync(join(folder, "logs/told.log"), "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).alert.alert_id)).toEqual(["blocked"]);
  const jobs = await listSchedulerJobs(database.db);
  expect(jobs.filter(({ lastSuccessAt }) => lastSuccessAt !== null).map(({ jobName }) => jobName)).toEqual([
    "alerts",
    "notifications",
  ]);
});

test("an e-mail reaches the relay, with a message id that retries share; a relay in a private network needs to be allowed", async () => {
  const heard: string[] = [];
  const relay = createTcpServer((socket) => {
    let inData = false;
    socket.write("220 relay\r\n");
    socket.on("data", (chunk) => {
      const text = chunk.toString();
      heard.push(text);
      if (inData) {
        if (text.endsWith("\r\n.\r\n")) {
          inData = false;
          socket.write("250 taken\r\n");
        }
        return;
      }
      for (const line of text.split("\r\n").filter(Boolean)) {
        if (line.startsWith("DATA")) inData = true;
        socket.write(
          line.startsWith("DATA") ? "354 go on\r\n" : line.startsWith("QUIT") ? "221 bye\r\n" : "250 ok\r\n",
        );
      }
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const { port } = relay.address() as AddressInfo;
  const [channel] = enabledChannels(
    parseChannels(
      `channels: [{id: mail, type: email, enabled: true, smtp_url: "smtp://127.0.0.1:${port}", from: a@shop.example, to: [b@shop.example]}]`,
      "c",
      {},
    ),
  );
  const postmanOf = (cidrs: string[]) =>
    createPostman({ guard: createGuard(cidrs), logFolder: folder, nowMs: Date.now });
  expect(await sendTestNotification(postmanOf([]), channel!, new Date())).toMatchObject({
    delivered: false,
    errorCode: "ADDRESS_BLOCKED",
  });
  expect(heard).toEqual([]);
  const postman = postmanOf(["127.0.0.1/32"]);
  expect(await sendTestNotification(postman, channel!, new Date())).toMatchObject({ delivered: true });
  await postman.close();
  await new Promise((resolve) => relay.close(resolve));
  const mail = heard.join("");
  expect(mail).toContain("RCPT TO:<b@shop.example>");
  expect(mail).toMatch(/Message-ID: <[0-9a-f]{32}@rossmann\.local>/i);
  expect(mail).toContain("This is a test of channel mail");
});
