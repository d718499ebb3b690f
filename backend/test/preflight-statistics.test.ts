/** Counts, trends and broken rules over many preflight runs. */
import {
  createDataSource,
  type Db,
  type PreflightRuleOutcome,
  type PreflightRunRow,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../src/index.ts";
import { statsSchema, topRulesSchema, trendsSchema } from "../src/schemas/preflight-statistics.ts";
import { appOn } from "./parts.ts";
import { recordRun } from "./preflight-parts.ts";

const NOW = Date.UTC(2026, 2, 10, 12);
let database: TestDatabase;
let app: Api;
/** What was recorded, for the naive twin of every statistic. */
const recorded: { run: PreflightRunRow; rules: PreflightRuleOutcome[] }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await createDataSource(database.db, { name: "Another chain" });
  app = appOn(database.db, { now: () => NOW });
  const runs = fc.sample(fc.array(runWithRules(), { minLength: 120, maxLength: 120 }), {
    numRuns: 1,
    seed: 20_260_310,
  })[0]!;
  for (const [index, { rules, ...run }] of runs.entries()) {
    const row = { ...run, run_id: `r${index}` };
    await recordRun(database.db, row, rules);
    recorded.push({ run: row as PreflightRunRow, rules: rules as PreflightRuleOutcome[] });
  }
});
afterAll(async () => {
  await app?.close();
  await database?.close();
});

function runWithRules() {
  const verdict = fc.constantFrom("PASS", "WARN", "FAIL", "ERROR", "SKIPPED");
  const rule = (rule_id: string) =>
    fc.record({
      rule_id: fc.constant(rule_id),
      rule_type: fc.constant("between"),
      severity: fc.constantFrom("WARN", "FAIL"),
      status: fc.constantFrom("PASS", "WARN", "FAIL", "ERROR"),
      failed_count: fc.nat(9),
      message: fc.constantFrom(null, "", "too many", "too few"),
    });
  return fc.record({
    created_at: fc
      .integer({ min: Date.UTC(2026, 1, 20) / 60_000, max: NOW / 60_000 })
      .map((minute) => new Date(minute * 60_000).toISOString()),
    source_name: fc.constantFrom("train", "store", "future"),
    data_source_id: fc.constantFrom(null, 1, 2),
    mode: fc.constantFrom("report_only", "enforce"),
    final_status: verdict,
    blocked: fc.boolean(),
    used_unified: fc.boolean(),
    rules: fc.tuple(rule("a"), rule("b"), rule("c")).map((rules) => [...rules]),
  });
}

const get = (path: string) => app.inject(`/api/v1/diagnostics/preflight${path}`);

/** Queries with what they let through. */
const QUERIES: [string, (run: PreflightRunRow) => boolean][] = [
  ["", () => true],
  ["source_name=train", (run) => run.source_name === "train"],
  ["data_source_id=2", (run) => run.data_source_id === 2],
  ["mode=enforce&final_status=warn", (run) => run.mode === "enforce" && run.final_status === "WARN"],
  ["final_status=ERROR", (run) => run.final_status === "ERROR"],
  ["days=3", (run) => Date.parse(run.created_at) >= NOW - 3 * 86_400_000],
  [
    "date_from=2026-03-01&date_to=2026-03-05",
    (run) => run.created_at >= "2026-03-01" && run.created_at < "2026-03-06",
  ],
  ["date_from=2026-03-01T06:00:00%2B02:00", (run) => run.created_at >= "2026-03-01T04:00:00.000Z"],
  ["date_to=2026-03-01T04:30", (run) => run.created_at <= "2026-03-01T04:30:00.000Z"],
  ["date_from=%20", () => true],
];

describe.each(QUERIES)("with ?%s", (query, lets) => {
  const chosen = () => recorded.filter(({ run }) => lets(run));
  const withStatus = (status: string) => chosen().filter(({ run }) => run.final_status === status).length;

  test("stats counts what is recorded", async () => {
    const stats = statsSchema.parse((await get(`/stats?${query}`)).json());
    expect(stats).toMatchObject({
      total_runs: chosen().length,
      pass_count: withStatus("PASS"),
      warn_count: withStatus("WARN"),
      fail_count: withStatus("FAIL"),
      error_count: withStatus("ERROR"),
      skipped_count: withStatus("SKIPPED"),
      blocked_count: chosen().filter(({ run }) => run.blocked).length,
      used_unified_count: chosen().filter(({ run }) => run.used_unified).length,
    });
    expect(Object.keys(stats.by_source)).toEqual(
      [...new Set(chosen().map(({ run }) => run.source_name))].toSorted(),
    );
    for (const [source, counts] of Object.entries(stats.by_source))
      expect(counts.total_runs).toBe(chosen().filter(({ run }) => run.source_name === source).length);
  });

  test.each([
    ["day", 10],
    ["hour", 13],
  ])("trends by %s adds up to the same", async (bucket, characters) => {
    const trend = trendsSchema.parse((await get(`/trends?bucket=${bucket}&${query}`)).json());
    const starts = trend.items.map((item) => item.bucket_start);
    expect(starts).toEqual(
      [...new Set(chosen().map(({ run }) => run.created_at.slice(0, characters)))]
        .toSorted()
        .map((start) => new Date(start.length === 10 ? start : `${start}:00Z`).toISOString()),
    );
    expect(trend.items.reduce((sum, item) => sum + item.fail_count, 0)).toBe(withStatus("FAIL"));
    expect(trend.items.reduce((sum, item) => sum + item.error_count, 0)).toBe(withStatus("ERROR"));
  });

  test("rules/top counts each rule by its outcomes", async () => {
    const top = topRulesSchema.parse((await get(`/rules/top?${query}`)).json());
    const broken = chosen().flatMap(({ run, rules }) =>
      rules.filter((rule) => rule.status !== "PASS").map((rule) => ({ ...rule, at: run.created_at })),
    );
    const groups = Map.groupBy(broken, (rule) => `${rule.rule_id} ${rule.severity}`);
    const expected = [...groups.values()]
      .map((rules) => ({
        rule_id: rules[0]!.rule_id,
        severity: rules[0]!.severity,
        warn_count: rules.filter((rule) => rule.status === "WARN").length,
        fail_count: rules.filter((rule) => rule.status === "FAIL").length,
        error_count: rules.filter((rule) => rule.status === "ERROR").length,
        last_seen_at: rules
          .map((rule) => rule.at)
          .toSorted()
          .at(-1)!,
      }))
      .toSorted(
        (a, b) =>
          b.fail_count + b.error_count - (a.fail_count + a.error_count) ||
          b.warn_count - a.warn_count ||
          b.last_seen_at.localeCompare(a.last_seen_at) ||
          b.rule_id.localeCompare(a.rule_id),
      );
    expect(top.items).toMatchObject(expected);
    for (const item of top.items) {
      const messages = (groups.get(`${item.rule_id} ${item.severity}`) ?? []).filter((rule) => rule.message);
      const newest = messages
        .map((rule) => rule.at)
        .toSorted()
        .at(-1);
      const said = messages.filter((rule) => rule.at === newest).map((rule) => rule.message);
      if (messages.length === 0) expect(item.sample_message).toBeNull();
      else expect(said).toContain(item.sample_message);
    }
  });
});

test("stats over any window counts what is recorded, cut days and hours too", async () => {
  const minute = fc.integer({ min: Date.UTC(2026, 1, 19) / 60_000, max: NOW / 60_000 });
  const instant = minute.map((at) => new Date(at * 60_000).toISOString());
  await fc.assert(
    fc.asyncProperty(
      fc.array(instant, { minLength: 2, maxLength: 2 }),
      fc.boolean(),
      async (ends, isShort) => {
        const from = ends.toSorted()[0]!;
        const to = isShort ? new Date(Date.parse(from) + 30 * 60_000).toISOString() : ends.toSorted()[1]!;
        const inside = recorded.filter(({ run }) => run.created_at >= from && run.created_at <= to);
        const window = `date_from=${from}&date_to=${to}`;
        expect((await get(`/stats?${window}`)).json().total_runs).toBe(inside.length);
        for (const bucket of ["day", "hour"]) {
          const { items } = trendsSchema.parse((await get(`/trends?bucket=${bucket}&${window}`)).json());
          expect(items.reduce((sum, item) => sum + item.blocked_count, 0)).toBe(
            inside.filter(({ run }) => run.blocked).length,
          );
        }
      },
    ),
    { numRuns: 40, seed: 20_260_311 },
  );
});

test("the kept counts stay exact when runs are changed, removed and all taken away", async () => {
  const { db } = database;
  const kept = sql`
    select width, bucket_start, source_name, data_source_id, mode, final_status, files, blocked, used_unified from preflight_run_count`;
  const anew = sql`
    select width, date_trunc(width, created_at, 'UTC'), source_name, data_source_id, mode, final_status,
      count(*)::int, (count(*) filter (where blocked))::int, (count(*) filter (where used_unified))::int
    from preflight_run_registry, unnest(array['day', 'hour']) as width group by 1, 2, 3, 4, 5, 6`;
  const keptRules = sql`
    select bucket_start, rule_id, rule_type, severity, status, source_name, data_source_id, mode, final_status, outcomes
    from preflight_rule_count`;
  const anewRules = sql`
    select date_trunc('day', created_at, 'UTC'), rule_id, rule_type, severity, status, source_name, data_source_id, mode,
      final_status, count(*)::int
    from preflight_rule_outcome where status in ('WARN', 'FAIL', 'ERROR') group by 1, 2, 3, 4, 5, 6, 7, 8, 9`;
  const differing = async (on: Db) =>
    Promise.all(
      [
        [kept, anew],
        [keptRules, anewRules],
      ].map(
        async ([is, should]) =>
          (await sql`(${is} except ${should}) union all (${should} except ${is})`.execute(on)).rows,
      ),
    ).then((rows) => rows.flat());
  expect(await differing(db)).toEqual([]);
  await db
    .transaction()
    .execute(async (trx) => {
      await sql`update preflight_run_registry set final_status = 'WARN', blocked = false, block_reason = null where final_status = 'FAIL'`.execute(
        trx,
      );
      expect(await differing(trx)).toEqual([]);
      await sql`update preflight_rule_outcome set status = 'PASS' where rule_id = 'a'`.execute(trx);
      expect(await differing(trx)).toEqual([]);
      await sql`delete from preflight_run_registry where source_name = 'store' or created_at < '2026-03-01'`.execute(
        trx,
      );
      expect(await differing(trx)).toEqual([]);
      await sql`truncate preflight_run_registry cascade`.execute(trx);
      expect((await kept.execute(trx)).rows).toEqual([]);
      expect((await keptRules.execute(trx)).rows).toEqual([]);
      throw new Error("undo");
    })
    .catch((error: Error) => {
      if (error.message !== "undo") throw error;
    });
});

describe("what is asked", () => {
  test("is told back, instants in UTC", async () => {
    const { filters } = statsSchema.parse(
      (
        await get(`/stats?source_name=train&final_status=fail&date_from=2026-03-01&date_to=2026-03-02`)
      ).json(),
    );
    expect(filters).toEqual({
      source_name: "train",
      data_source_id: null,
      mode: null,
      final_status: "FAIL",
      date_from: "2026-03-01T00:00:00.000Z",
      date_to: "2026-03-02T23:59:59.999Z",
      days: null,
    });
    expect((await get("/trends?days=2")).json().filters).toMatchObject({
      date_from: "2026-03-08T12:00:00.000Z",
      date_to: "2026-03-10T12:00:00.000Z",
      days: 2,
    });
  });

  test("finds nothing where nothing is: counts of zero, a rate of zero, empty lists", async () => {
    const empty = "date_from=2030-01-01";
    expect((await get(`/stats?${empty}`)).json()).toMatchObject({
      total_runs: 0,
      used_unified_rate: 0,
      by_source: {},
    });
    expect((await get(`/trends?${empty}`)).json().items).toEqual([]);
    expect((await get(`/rules/top?${empty}`)).json().items).toEqual([]);
  });

  test("rules/top gives no more than asked for", async () => {
    expect((await get("/rules/top?limit=2")).json()).toMatchObject({ limit: 2, items: { length: 2 } });
  });

  test.each([
    ["days=3&date_from=2026-03-01", "give days, or date_from and date_to"],
    ["date_from=2026-03-05&date_to=2026-03-01", "date_from must not be after date_to"],
    ["date_from=yesterday", "date_from must be a day like 2026-03-01 or an instant"],
    ["date_to=2026-02-30", "date_to must be a day like"],
    ["date_to=2026-03-01T25:00", "date_to must be a day like"],
  ])("refuses ?%s with 400", async (query, words) => {
    for (const path of ["stats", "trends", "rules/top"]) {
      const answer = await get(`/${path}?${query}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code: "period_invalid", detail: expect.stringContaining(words) });
    }
  });

  test.each(["/trends?bucket=week", "/rules/top?limit=101", "/stats?days=0", "/stats?mode=strict"])(
    "refuses %s with 422",
    async (path) => expect((await get(path)).statusCode).toBe(422),
  );
});
