/** The alert routes on a database of their own, with a policy file that the tests change. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiKey, SCOPES } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Scope } from "../src/access.ts";
import type { Api } from "../src/index.ts";
import { appOn } from "./parts.ts";
import { recordRun } from "./preflight-parts.ts";

const BASE = "/api/v1/diagnostics/preflight/alerts";
const folder = mkdtempSync(join(tmpdir(), "alert-routes-"));
const policyFile = join(folder, "policies.yaml");
const POLICIES = `version: v7
policies:
  - {id: quiet, severity: LOW, metric_type: fail_count, operator: ">", threshold: 100}
  - {id: failing, severity: MEDIUM, metric_type: fail_count, operator: ">=", threshold: 1, labels: {team: night}}
  - {id: blocked, severity: HIGH, source_name: train, metric_type: blocked_count, operator: ">=", threshold: 1, runbook: docs/runbook.md#blocked}
  - {id: off, enabled: false, metric_type: fail_rate, operator: ">", threshold: 0}
`;
const settings = { PREFLIGHT_ALERT_POLICY_PATH: policyFile, PREFLIGHT_ALERTS_ALLOW_EVALUATE: true };

let database: TestDatabase;
let app: Api;
beforeAll(async () => {
  database = await createTestDatabase();
  writeFileSync(policyFile, POLICIES);
  app = appOn(database.db, { settings });
});
afterAll(async () => {
  await app.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string, of: Api = app) => (await of.inject(`${BASE}${path}`)).json();
const post = (path: string, payload?: object) =>
  app.inject({ method: "POST", url: `${BASE}${path}`, ...(payload && { payload }) });

function addRun({ daysAgo = 0, blocked = false, status = "PASS" }): Promise<void> {
  return recordRun(database.db, {
    run_id: randomUUID(),
    created_at: new Date(Date.now() - daysAgo * 86_400_000).toISOString(),
    final_status: status,
    blocked,
  });
}

/** An application whose caller has these scopes only. */
const appFor = (...scopes: Scope[]) => appOn(database.db, { settings, scopes });

describe("before anything was evaluated", () => {
  test("nothing is active, and policies stand in the order of their file", async () => {
    expect(await get("/active")).toMatchObject({ total_active: 0, items: [], is_preview: false });
    const policies = await get("/policies");
    expect(policies).toMatchObject({ path: "policies.yaml", version: "v7", refusal: null });
    expect(policies.items.map(({ id }: { id: string }) => id)).toEqual([
      "quiet",
      "failing",
      "blocked",
      "off",
    ]);
    expect(policies.items[1]).toMatchObject({
      pending_evaluations: 1,
      health: null,
      labels: { team: "night" },
    });
  });

  test("auto_evaluate is a preview for who may only read: the answer tells, and nothing is stored", async () => {
    await addRun({ blocked: true, status: "FAIL" });
    const reader = appFor("diagnostics:read");
    const seen = await get("/active?auto_evaluate=true", reader);
    await reader.close();
    expect(seen).toMatchObject({ is_preview: true, total_active: 2 });
    expect(seen.items.map(({ alert_id }: { alert_id: string }) => alert_id)).toEqual(["blocked", "failing"]);
    expect(await get("/active")).toMatchObject({ total_active: 0 });
    expect(await get("/history")).toMatchObject({ items: [] });
  });

  test("auto_evaluate is a preview for a key that is bound to a data source, whatever its scopes", async () => {
    const { secret } = await createApiKey(database.db, {
      name: "bound",
      scopes: SCOPES,
      createdBy: "test",
      dataSourceIds: [1],
    });
    const headers = { "x-api-key": secret };
    const seen = await app.inject({ url: `${BASE}/active?auto_evaluate=true`, headers });
    expect(seen.json()).toMatchObject({ is_preview: true, total_active: 2 });
    expect(await get("/active")).toMatchObject({ total_active: 0 });
  });
});

describe("a blocked load", () => {
  test("evaluate answers with every alert of the policies that are on, OK ones included", async () => {
    const answer = (await post("/evaluate")).json();
    expect(answer).toMatchObject({ total_policies: 3, active_count: 2, version: "v7", errors: [] });
    expect(answer.items.map((item: { status: string }) => item.status)).toEqual(["OK", "FIRING", "FIRING"]);
  });

  test("active lists the most severe first, with labels, runbook and the policy as it was", async () => {
    const { items } = await get("/active");
    expect(items.map(({ severity }: { severity: string }) => severity)).toEqual(["HIGH", "MEDIUM"]);
    expect(items[0]).toMatchObject({
      alert_id: "blocked",
      source_name: "train",
      current_value: 1,
      runbook: "docs/runbook.md#blocked",
      policy: { id: "blocked", threshold: 1 },
      is_silenced: false,
      is_acknowledged: false,
    });
    expect(await get("/active?severity=MEDIUM")).toMatchObject({ total_active: 1 });
    expect((await get("/policies")).items[2]).toMatchObject({ health: "ok" });
  });

  test("a silence and an acknowledgement show on the alert and change no state", async () => {
    const silence = (
      await post("/silences", {
        severity: "high",
        ends_at: in_(3600),
        reason: "known",
        matchers: ["team!=night"],
      })
    ).json();
    expect(silence).toMatchObject({ created_by: "tester", is_active: true, state: "active" });
    expect(silence.matchers).toEqual(['severity="HIGH"', 'team!="night"']);
    const acknowledged = (await post("/failing/ack", { note: "on it" })).json();
    expect(acknowledged).toMatchObject({ alert_id: "failing", acknowledged_by: "tester", note: "on it" });
    const { items } = await get("/active");
    expect(items[0]).toMatchObject({ is_silenced: true, silence: { silence_id: silence.silence_id } });
    expect(items[1]).toMatchObject({ status: "FIRING", is_silenced: false, is_acknowledged: true });

    const ended = await post(`/silences/${silence.silence_id}/expire`);
    expect(ended.json()).toMatchObject({ is_active: false, state: "expired" });
    expect(await get("/silences")).toMatchObject({ items: [], include_expired: false });
    expect((await get("/silences?include_expired=true")).items).toHaveLength(1);
    await post("/failing/unack");
    expect((await get("/active")).items[1]).toMatchObject({ is_acknowledged: false, acknowledgement: null });
  });

  test("history and audit are read page by page without gaps", async () => {
    const first = await get("/history?limit=1");
    const second = await get(`/history?limit=1&cursor=${first.next_cursor}`);
    expect(second.next_cursor).toBeNull();
    expect(
      [first, second].flatMap(({ items }) => items.map((item: { alert_id: string }) => item.alert_id)),
    ).toEqual(["blocked", "failing"]);
    expect(first.items[0]).toMatchObject({
      status: "FIRING",
      previous_status: "OK",
      reason: "condition_met",
    });

    const types: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: { items: { event_type: string }[]; next_cursor: string | null } = await get(
        `/audit?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      types.push(...page.items.map(({ event_type }) => event_type));
      cursor = page.next_cursor;
    }
    expect(types).toEqual(["UNACKED", "UNSILENCED", "ACKED", "SILENCED", "EVALUATED", "FIRING", "FIRING"]);
    expect((await get("/audit?event_type=acked")).items).toHaveLength(1);
  });

  test("the preview tells how often a policy would have fired, also with another threshold", async () => {
    await addRun({ blocked: true, daysAgo: 40 });
    await addRun({ blocked: true, daysAgo: 20 });
    const preview = await get("/policies/blocked/preview?days=90");
    expect(preview).toMatchObject({ fired_count: 3, is_supported: true, is_complete: true });
    expect(preview.summary).toBe("would have fired 3 times in the last 90 days");
    expect(await get("/policies/blocked/preview?threshold=2")).toMatchObject({ fired_count: 0 });
  });
});

describe("what cannot be done is refused in one sentence", () => {
  test.each([
    [
      "a silence that ends before it starts",
      "/silences",
      { starts_at: "2031-01-02", ends_at: "2031-01-01", policy_id: "x" },
      400,
      "silence_invalid",
      /would end \(2031-01-01.*before it starts/,
    ],
    [
      "a silence in the past",
      "/silences",
      { ends_at: "2020-01-01T00:00:00", policy_id: "x" },
      400,
      "silence_invalid",
      /ended already|before it starts/,
    ],
    [
      "a silence over everything",
      "/silences",
      { ends_at: "2099-01-01" },
      400,
      "silence_invalid",
      /days, 30 are allowed/,
    ],
    [
      "a bad pattern",
      "/silences",
      { ends_at: "2099-01-01", matchers: ["a=~("] },
      400,
      "matcher_invalid",
      /\(/,
    ],
    ["no end", "/silences", {}, 422, "validation_failed", /ends_at/],
    ["no instant", "/silences", { ends_at: "soon" }, 422, "validation_failed", /2026-03-01T10:00:00Z.*soon/],
    [
      "an alert that is not active",
      "/quiet/ack",
      {},
      404,
      "alert_not_active",
      /no pending or firing alert quiet/,
    ],
    [
      "an acknowledgement of the past",
      "/blocked/ack",
      { expires_at: "2020-01-01" },
      400,
      "acknowledgement_invalid",
      /ended already/,
    ],
    [
      "an alert that was never acknowledged",
      "/blocked/unack",
      undefined,
      404,
      "acknowledgement_not_found",
      /never acknowledged/,
    ],
    [
      "a silence that nobody knows",
      "/silences/none/expire",
      undefined,
      404,
      "silence_not_found",
      /no silence none/,
    ],
  ])("%s", async (_name, path, payload, status, code, detail) => {
    const answer = await post(path, payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
    expect(answer.json().detail).toMatch(detail);
  });

  test("a silence that names nothing must say that it means everything", async () => {
    const refused = await post("/silences", { ends_at: in_(60) });
    expect(refused.json().detail).toMatch(/would match every alert.*match_everything/);
    const allowed = await post("/silences", { ends_at: in_(60), match_everything: true });
    expect(allowed.statusCode).toBe(200);
    await post(`/silences/${allowed.json().silence_id}/expire`);
  });

  test.each(["severity=~.+", "policy_id=~.+", "metric_type=~[a-z_]+", "severity=~HIGH|MEDIUM|LOW"])(
    "a silence of %s, which every alert matches, must say it as well",
    async (matcher) => {
      const refused = await post("/silences", { ends_at: in_(60), matchers: [matcher] });
      expect(refused.statusCode).toBe(400);
      expect(refused.json().detail).toMatch(/would match every alert.*match_everything/);
    },
  );

  test("evaluating by a request, unless the settings allow it", async () => {
    const strict = appOn(database.db, { settings: { PREFLIGHT_ALERT_POLICY_PATH: policyFile } });
    const answer = await strict.inject({ method: "POST", url: `${BASE}/evaluate` });
    await strict.close();
    expect(answer.statusCode).toBe(403);
    expect(answer.json().detail).toMatch(/PREFLIGHT_ALERTS_ALLOW_EVALUATE=1/);
  });

  test("a policy file with a mistake: the policies of before work on, and its line is told", async () => {
    writeFileSync(policyFile, `${POLICIES}  - {id: odd, metric_type: moods, operator: ">", threshold: 1}\n`);
    const policies = await get("/policies");
    expect(policies.items).toHaveLength(4);
    expect(policies.refusal).toMatch(/^policies\.yaml cannot be used: line 7, .*metric_type.*moods/);
    const fresh = appOn(database.db, { settings });
    const refused = await fresh.inject(`${BASE}/policies`);
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ code: "policy_file_refused" });
    expect((await fresh.inject(`${BASE}/active`)).statusCode).toBe(200);
    await fresh.close();
    expect(JSON.stringify(refused.json())).not.toContain(folder);
  });
});

function in_(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}
