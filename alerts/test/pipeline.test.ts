import type { Db } from "@rossmann/warehouse";
import {
  activeAcknowledgements,
  listActiveAlerts,
  listAlertHistory,
  listAudit,
  listPolicyHealth,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  acknowledgeAlert,
  createSilence,
  endSilence,
  evaluatePolicies,
  previewEvaluation,
  unacknowledgeAlert,
} from "../src/index.ts";
import {
  addRun,
  alertOf,
  BLOCKED,
  channelsOf,
  clearRuns,
  dispatcherOf,
  evaluate,
  fakePostman,
  policiesOf,
  rowsOf,
  silent,
} from "./parts.ts";

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  await sql`
    truncate preflight_run_registry, preflight_alert_state, preflight_alert_history, preflight_alert_silence,
      preflight_alert_acknowledgement, preflight_alert_audit_event, preflight_alert_policy_health, preflight_notification_event,
      preflight_notification_outbox, preflight_notification_outbox_event, preflight_notification_log,
      preflight_notification_delivery_attempt, preflight_notification_attempt_outcome, preflight_notification_endpoint,
      metric_counter, preflight_notification_outbox_count cascade`.execute(db);
});

const policies = policiesOf(BLOCKED);
const channels = channelsOf({ id: "hook" });
const outbox = () =>
  rowsOf<{ event_type: string; status: string; channel_target: string }>(
    db,
    "select event_type, status, channel_target from preflight_notification_outbox order by sequence",
  );

describe("evaluatePolicies", () => {
  test("a blocked load fires once, is told once, and its end is told once", async () => {
    await addRun(db, { blocked: true });
    await evaluate(db, policies, channels);
    await evaluate(db, policies, channels);
    const { postman, sent } = fakePostman();
    expect(await dispatcherOf(db, channels, postman).drain()).toMatchObject({ sent: 1, processed: 1 });
    await clearRuns(db);
    await evaluate(db, policies, channels);
    await evaluate(db, policies, channels);
    await dispatcherOf(db, channels, postman).drain();

    expect(sent.map(({ payload }) => JSON.parse(payload).event_type)).toEqual([
      "ALERT_FIRING",
      "ALERT_RESOLVED",
    ]);
    expect(JSON.parse(sent[0]!.payload)).toMatchObject({
      version: "v1",
      event_id: sent[0]!.eventId,
      alert: {
        alert_id: "blocked",
        severity: "HIGH",
        source_name: null,
        previous_status: null,
        status: "FIRING",
        current_value: 1,
        threshold: 1,
      },
      context: { total_runs: 1, blocked_count: 1, condition_met: true, operator: ">=" },
    });
    expect(
      (await listAlertHistory(db)).map(({ status, previousStatus }) => [previousStatus, status]),
    ).toEqual([
      ["FIRING", "RESOLVED"],
      ["OK", "FIRING"],
    ]);
  });

  test("a failure of any statement leaves neither state nor history nor notice", async () => {
    await addRun(db, { blocked: true });
    await sql`create function no() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`.execute(
      db,
    );
    await sql`create trigger no before insert on preflight_notification_log for each row execute function no()`.execute(
      db,
    );
    await expect(evaluate(db, policies, channels)).rejects.toThrow("no");
    await sql`drop function no cascade`.execute(db);
    expect(await alertOf(db, "blocked")).toBeUndefined();
    expect(await listAlertHistory(db)).toEqual([]);
    expect(await outbox()).toEqual([]);
  });

  test("an alert that fires and resolves before its notice was taken is not told at all", async () => {
    await addRun(db, { blocked: true });
    await evaluate(db, policies, channels);
    await clearRuns(db);
    await evaluate(db, policies, channels);
    expect(await outbox()).toEqual([]);
    await addRun(db, { blocked: true });
    await evaluate(db, policies, channels);
    expect(await outbox()).toMatchObject([{ event_type: "ALERT_FIRING" }]);
  });

  test("an empty window is no data and fires nothing, unless the policy says so", async () => {
    const line = (noData: string) =>
      `{id: unified_${noData}, metric_type: unified_usage_rate, operator: "<", threshold: 0.6, no_data: ${noData}}`;
    const report = await evaluate(db, policiesOf(line("ok"), line("alert")));
    expect(report.alerts.map(({ alert, outcome }) => [alert.policyId, outcome, alert.status])).toEqual([
      ["unified_ok", "no_data", "OK"],
      ["unified_alert", "no_data", "FIRING"],
    ]);
    expect((await listPolicyHealth(db)).map(({ health }) => health)).toEqual(["no_data", "no_data"]);
  });

  test("runs that only report do not count for the use of the unified file", async () => {
    await addRun(db, { mode: "report_only" });
    await addRun(db, { mode: "enforce", usedUnified: true });
    const { alerts } = await evaluate(
      db,
      policiesOf('{id: u, metric_type: unified_usage_rate, operator: "<", threshold: 0.6}'),
    );
    expect(alerts[0]!.alert).toMatchObject({ currentValue: 1, status: "OK" });
  });

  test("a policy that cannot be evaluated changes its health and no alert", async () => {
    await addRun(db, { blocked: true });
    await evaluate(db, policies);
    const broken = policiesOf(
      '{id: blocked, severity: HIGH, metric_type: blocked_count, operator: ">=", threshold: 1, data_source: nowhere}',
    );
    const report = await evaluate(db, broken);
    expect(report.errors).toMatchObject([
      { policyId: "blocked", message: expect.stringContaining("nowhere") },
    ]);
    expect(await alertOf(db, "blocked")).toMatchObject({ status: "FIRING" });
    expect(await listPolicyHealth(db)).toMatchObject([{ health: "error" }]);
  });

  test("more alerts than max_instances are an error, not a flood", async () => {
    for (const source of ["train", "store"]) await addRun(db, { blocked: true, source });
    const report = await evaluate(
      db,
      policiesOf(
        '{id: b, metric_type: blocked_count, operator: ">=", threshold: 1, group_by: [source_name], max_instances: 1}',
      ),
    );
    expect(report.errors[0]!.message).toContain("gives 2 alerts");
    expect((await listActiveAlerts(db)).total).toBe(0);
  });

  test("each label set is an alert of its own, and one that disappears ends", async () => {
    const grouped = policiesOf(
      '{id: b, metric_type: blocked_count, operator: ">=", threshold: 1, group_by: [source_name]}',
    );
    for (const source of ["train", "store"]) await addRun(db, { blocked: true, source });
    await evaluate(db, grouped);
    expect((await listActiveAlerts(db)).alerts.map(({ sourceName }) => sourceName).sort()).toEqual([
      "store",
      "train",
    ]);
    await sql`delete from preflight_run_registry where source_name = 'store'`.execute(db);
    await evaluate(db, grouped);
    expect((await listActiveAlerts(db)).alerts.map(({ sourceName }) => sourceName)).toEqual(["train"]);
  });

  test("switching a policy off, or removing it, resolves its alerts and says why", async () => {
    await addRun(db, { blocked: true });
    await evaluate(db, policies, channels);
    await dispatcherOf(db, channels, fakePostman().postman).drain();
    await evaluate(db, policiesOf(BLOCKED.replace("{", "{enabled: false, ")), channels);
    expect((await listAlertHistory(db))[0]).toMatchObject({ status: "RESOLVED", reason: "policy_gone" });
    expect((await outbox()).at(-1)).toMatchObject({ event_type: "ALERT_RESOLVED" });
    expect((await listActiveAlerts(db)).total).toBe(0);
  });

  test("a firing alert clears only beyond resolve_threshold", async () => {
    const hysteresis = policiesOf(
      '{id: f, metric_type: fail_rate, operator: ">", threshold: 0.5, resolve_threshold: 0.2}',
    );
    await addRun(db, { status: "FAIL" });
    await evaluate(db, hysteresis);
    for (let i = 0; i < 2; i++) await addRun(db);
    await evaluate(db, hysteresis);
    expect(await alertOf(db, "f")).toMatchObject({ status: "FIRING" });
    for (let i = 0; i < 3; i++) await addRun(db);
    await evaluate(db, hysteresis);
    expect(await alertOf(db, "f")).toMatchObject({ status: "RESOLVED" });
  });

  test("ten evaluators at once fire an alert once", async () => {
    await addRun(db, { blocked: true });
    await Promise.all(Array.from({ length: 10 }, () => evaluate(db, policies, channels)));
    expect(await alertOf(db, "blocked")).toMatchObject({ status: "FIRING", firingNo: 1 });
    expect(await listAlertHistory(db)).toHaveLength(1);
    expect(await outbox()).toHaveLength(1);
  });

  test("an evaluation that was overtaken by a newer one changes nothing", async () => {
    await addRun(db, { blocked: true });
    let overtaken = false;
    const slow = new Proxy(db, {
      get(target, key) {
        // The newer evaluation runs after the older one has measured and before it writes.
        if (key === "transaction" && !overtaken) {
          overtaken = true;
          return () => ({
            execute: async (work: (trx: Db) => Promise<unknown>) => {
              await clearRuns(db);
              await evaluate(db, policies, channels);
              return db.transaction().execute(work);
            },
          });
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await evaluatePolicies(slow, { policies, channels, actor: "test", logger: silent });
    expect(overtaken).toBe(true);
    expect(await alertOf(db, "blocked")).toBeUndefined();
    expect(await outbox()).toEqual([]);
  });

  test("a preview tells what would happen and writes nothing", async () => {
    await addRun(db, { blocked: true });
    const preview = await previewEvaluation(db, { policies, logger: silent });
    expect(preview.alerts[0]).toMatchObject({ alert: { status: "FIRING" }, transition: { to: "FIRING" } });
    expect(await listAlertHistory(db)).toEqual([]);
    expect(await alertOf(db, "blocked")).toBeUndefined();
  });
});

describe("quiet", () => {
  const during = { endsAt: new Date(Date.now() + 3_600_000), policyId: "blocked" };
  const now = new Date();
  const limits = { now, maxDays: 30 };

  test("a silence holds the notice back, not the state; what still fires when it ends is told then", async () => {
    const silence = await createSilence(db, during, "ann", limits);
    await addRun(db, { blocked: true });
    await evaluate(db, policies, channels);
    expect(await alertOf(db, "blocked")).toMatchObject({ status: "FIRING" });
    expect(await outbox()).toEqual([]);
    await endSilence(db, silence.silenceId, "ann");
    await endSilence(db, silence.silenceId, "ann");
    await evaluate(db, policies, channels);
    expect(await outbox()).toHaveLength(1);
    const audit = await listAudit(db);
    expect(audit.map(({ eventType }) => eventType)).toEqual(["UNSILENCED", "FIRING", "SILENCED"]);
  });

  test("a resolve during a silence is told when the silence ends", async () => {
    await addRun(db, { blocked: true });
    await evaluate(db, policies, channels);
    await dispatcherOf(db, channels, fakePostman().postman).drain();
    const silence = await createSilence(db, during, "ann", limits);
    await clearRuns(db);
    await evaluate(db, policies, channels);
    expect(await outbox()).toHaveLength(1);
    await endSilence(db, silence.silenceId, "ann");
    await evaluate(db, policies, channels);
    expect((await outbox()).at(-1)).toMatchObject({ event_type: "ALERT_RESOLVED" });
  });

  test.each([
    [
      "ends before it starts",
      { endsAt: new Date("2030-01-01"), startsAt: new Date("2030-01-02"), policyId: "x" },
      /before it starts/,
    ],
    [
      "has ended already",
      { endsAt: new Date("2020-01-02"), startsAt: new Date("2020-01-01"), policyId: "x" },
      /ended already/,
    ],
    [
      "lasts longer than allowed",
      { endsAt: new Date(now.getTime() + 31 * 86_400_000), policyId: "x" },
      /31 days, 30 are allowed/,
    ],
    ["matches everything", { ...during, policyId: " " }, /match every alert/],
    [
      "matches everything by a pattern",
      { ...during, policyId: null, matchers: [{ name: "severity", operator: "=~" as const, value: ".*" }] },
      /match every alert/,
    ],
    ["names no known severity", { ...during, severity: "URGENT" }, /severity must be one of/],
  ])("a silence that %s is refused", async (_, request, message) => {
    await expect(createSilence(db, request, "ann", limits)).rejects.toThrow(message);
  });

  test("a silence whose time is over is marked and audited once", async () => {
    await sql`insert into preflight_alert_silence (silence_id, starts_at, ends_at, created_by) values ('s', now() - interval '2 h', now() - interval '1 h', 'ann')`.execute(
      db,
    );
    await evaluate(db, policies);
    await evaluate(db, policies);
    expect((await listAudit(db, { eventType: "UNSILENCED" })).map(({ alertId }) => alertId)).toEqual([
      "silence:s",
    ]);
  });

  test("an acknowledgement stops repeats, not the resolve notice, and ends with the firing", async () => {
    const repeating = channelsOf({ id: "hook", yaml: "repeat_interval: 1s" });
    const { postman, sent } = fakePostman();
    const later = async () => {
      await sql`update preflight_notification_log set notified_at = notified_at - interval '1 minute'`.execute(
        db,
      );
      await evaluate(db, policies, repeating);
      await dispatcherOf(db, repeating, postman).drain();
    };
    await addRun(db, { blocked: true });
    await later();
    await later();
    expect(sent).toHaveLength(2);
    await acknowledgeAlert(db, "blocked", "ann", { note: "looking" });
    await later();
    expect(sent).toHaveLength(2);
    await clearRuns(db);
    await later();
    expect(sent.map(({ payload }) => JSON.parse(payload).alert.reason)).toEqual([
      "fired",
      "repeat",
      "resolved",
    ]);
    expect((await activeAcknowledgements(db)).size).toBe(0);
    await addRun(db, { blocked: true });
    await later();
    expect(sent).toHaveLength(4);
    await expect(unacknowledgeAlert(db, "nothing", "ann")).rejects.toThrow("never acknowledged");
    await expect(acknowledgeAlert(db, "nothing", "ann")).rejects.toThrow("no pending or firing alert");
  });

  test("a louder alert holds a quieter one back while it fires", async () => {
    const two = policiesOf(
      BLOCKED,
      '{id: failed, severity: LOW, metric_type: fail_count, operator: ">=", threshold: 1}',
    );
    const inhibiting = {
      ...two,
      inhibitions: [
        {
          source: [{ name: "severity", operator: "=" as const, value: "HIGH" }],
          target: [{ name: "severity", operator: "=" as const, value: "LOW" }],
          equal: [],
        },
      ],
    };
    await addRun(db, { blocked: true, status: "FAIL" });
    await evaluate(db, inhibiting, channels);
    expect(await rowsOf(db, "select policy_id from preflight_notification_outbox")).toEqual([
      { policy_id: "blocked" },
    ]);
    await sql`update preflight_run_registry set blocked = false`.execute(db);
    await evaluate(db, inhibiting, channels);
    expect(await rowsOf(db, "select policy_id from preflight_notification_outbox order by sequence")).toEqual(
      [{ policy_id: "failed" }],
    );
  });
});

test("A3: 500 alerts in one group are one notification", async () => {
  await sql`insert into data_source (name) select 'shop ' || n from generate_series(1, 500) as n`.execute(db);
  await sql`
    insert into preflight_run_registry (run_id, source_name, mode, validation_status, semantic_status, final_status, used_input_path, blocked, data_source_id)
    select 'r' || id, 'train', 'enforce', 'FAIL', 'FAIL', 'FAIL', 'x', true, id from data_source where name like 'shop %'`.execute(
    db,
  );
  const many = policiesOf(
    '{id: b, metric_type: blocked_count, operator: ">=", threshold: 1, group_by: [data_source], max_instances: 500}',
  );
  const grouping = channelsOf({ id: "hook", yaml: "concurrency: 4" }).map((channel) => ({
    ...channel,
    grouping: { ...channel.grouping, by: ["policy_id" as const] },
  }));
  await evaluate(db, many, grouping);
  const { postman, sent } = fakePostman();
  await dispatcherOf(db, grouping, postman).drain();
  expect((await listActiveAlerts(db)).total).toBe(500);
  expect(sent).toHaveLength(1);
  const message = JSON.parse(sent[0]!.payload);
  expect(message.group).toEqual({ key: "policy_id=b", firing: 500, resolved: 0 });
  expect(message.alerts.length + message.alerts_left_out).toBe(500);
  expect(Buffer.byteLength(sent[0]!.payload)).toBeLessThan(40_000);
});
