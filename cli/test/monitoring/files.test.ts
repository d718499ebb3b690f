/** The monitoring files, by themselves and against the metrics that there are. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildApp } from "@rossmann/backend";
import { createLogger, settingsSchema } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { createApiKey } from "@rossmann/warehouse";
import { createTestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { findPrograms, reasonOf } from "./programs.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MONITORING = join(ROOT, "monitoring");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const yaml = (path: string) => parse(read(path));

interface Rule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
const rules: Rule[] = ["preflight", "platform"].flatMap((name) =>
  yaml(`monitoring/prometheus/rules/${name}.yml`).groups.flatMap((group: { rules: Rule[] }) => group.rules),
);
const dashboards = readdirSync(join(MONITORING, "grafana/dashboards")).map((name) => ({
  name,
  board: JSON.parse(read(`monitoring/grafana/dashboards/${name}`)),
}));
const expressions = [
  ...rules.map(({ alert, expr }) => ({ name: alert, expr })),
  ...dashboards.flatMap(({ name, board }) =>
    board.panels.flatMap((panel: { title: string; targets: { expr: string }[] }) =>
      panel.targets.map(({ expr }) => ({ name: `${name}: ${panel.title}`, expr })),
    ),
  ),
];

/** Names of the families that the API exports. */
let families: Set<string>;
beforeAll(async () => {
  const database = await createTestDatabase();
  const { secret } = await createApiKey(database.db, {
    name: "prometheus",
    scopes: ["diagnostics:read"],
    createdBy: "test",
  });
  const app = buildApp({
    db: database.db,
    forecaster: createForecaster(database.db),
    settings: Object.freeze({ ...settingsSchema.parse({}), home: "" }),
    effects: { now: Date.now, logger: createLogger("silent") },
  });
  const { body } = await app.inject({
    url: "/api/v1/diagnostics/metrics",
    headers: { authorization: `Bearer ${secret}` },
  });
  families = new Set([...body.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!));
  await app.close();
  await database.close();
});

describe("what the files speak of is there", () => {
  test("every metric of every rule and panel is exported", () => {
    for (const { name, expr } of expressions) {
      const used: string[] =
        expr.match(/\b(?:preflight|etl|ml|forecast|data|model|http|database|nodejs|process)_[a-z0-9_]+/g) ??
        [];
      for (const metric of used.filter((each) => each !== "data_source")) {
        const family = metric.replace(/_(bucket|sum|count)$/, "");
        expect(families.has(metric) || families.has(family), `${metric} of ${name}`).toBe(true);
      }
    }
  });

  test("every metric and every alert has a line in the README, and every alert an entry in the runbook", () => {
    const readme = read("monitoring/README.md");
    for (const family of families) {
      if (/^(process|nodejs)_/.test(family)) continue;
      expect(readme, family).toContain(`| \`${family}\` |`);
    }
    const headings = new Set(
      [...read("docs/runbook.md").matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
        text!
          .toLowerCase()
          .replaceAll(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      ),
    );
    for (const { alert, annotations, labels } of rules) {
      expect(readme, alert).toContain(`\`${alert}\``);
      expect(annotations.runbook_hint).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
      expect(headings.has(alert.toLowerCase()), `runbook entry of ${alert}`).toBe(true);
      expect(labels).toMatchObject({
        severity: expect.stringMatching(/^(high|medium|low)$/),
        concern: expect.any(String),
      });
    }
    for (const { runbook } of yaml("config/preflight_alert_policies.yaml").policies) {
      expect(headings.has(runbook.split("#")[1]), runbook).toBe(true);
    }
  });

  test("everything listens on loopback, images are pinned, and no password is there by default", () => {
    const { services } = yaml("docker-compose.monitoring.yml");
    for (const [name, service] of Object.entries<Record<string, unknown>>(services)) {
      expect(service.image, name).toMatch(/:v?\d+(\.\d+)*$/);
      const text = JSON.stringify(service);
      if (service.network_mode === "host") expect(text, name).toMatch(/127\.0\.0\.1/);
      for (const port of (service.ports as string[] | undefined) ?? [])
        expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(services.grafana.environment.GF_SECURITY_ADMIN_PASSWORD).toMatch(/^\$\{GRAFANA_ADMIN_PASSWORD:\?/);
  });

  test("the two dashboards have their uids, and no two panels overlap", () => {
    expect(dashboards.map(({ board }) => board.uid).sort()).toEqual([
      "preflight-platform-overview",
      "rossmann-api-forecasting",
    ]);
    for (const { board } of dashboards) {
      const cells = new Set<string>();
      for (const { gridPos, title } of board.panels) {
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(x, title).toBeLessThan(24);
            expect(cells.has(`${x} ${y}`), title).toBe(false);
            cells.add(`${x} ${y}`);
          }
        }
      }
    }
  });
});

const { commands, missing } = findPrograms("promtool", "amtool");
describe.skipIf(missing.length > 0)(`the real programs accept the files${reasonOf(missing)}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "monitoring-"));
    cpSync(MONITORING, folder, { recursive: true });
    writeFileSync(join(folder, "prometheus/secrets/metrics_api_key"), "key");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["promtool check config", () => [commands.promtool, "check", "config", "prometheus/prometheus.yml"]],
    [
      "promtool check rules",
      () => [
        commands.promtool,
        "check",
        "rules",
        "prometheus/rules/preflight.yml",
        "prometheus/rules/platform.yml",
      ],
    ],
    [
      "promtool test rules",
      () => [
        commands.promtool,
        "test",
        "rules",
        "prometheus/tests/preflight.test.yml",
        "prometheus/tests/platform.test.yml",
      ],
    ],
    ["amtool check-config", () => [commands.amtool, "check-config", "alertmanager/alertmanager.yml"]],
  ])("%s", (_name, words) => {
    const [program = "", ...rest] = words();
    const { status, stdout, stderr } = spawnSync(program, rest, { cwd: folder, encoding: "utf8" });
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  test("promtool reads every expression of the dashboards", () => {
    const rules = expressions.map(({ expr }, i) => ({ record: `panel:${i}`, expr }));
    writeFileSync(join(folder, "panels.yml"), stringify({ groups: [{ name: "panels", rules }] }));
    const { status, stdout, stderr } = spawnSync(commands.promtool, ["check", "rules", "panels.yml"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  test("alerts are routed by severity, and what no route knows is heard too", () => {
    const routed = (...labels: string[]) =>
      spawnSync(
        commands.amtool,
        ["config", "routes", "test", "--config.file=alertmanager/alertmanager.yml", ...labels],
        {
          cwd: folder,
          encoding: "utf8",
        },
      ).stdout.trim();
    expect(routed("severity=high")).toBe("webhook-high");
    expect(routed("severity=medium", "alertname=X")).toBe("webhook-medium");
    expect(routed("severity=low")).toBe("webhook-low");
    expect(routed("severity=odd")).toBe("webhook-unrouted");
  });
});
