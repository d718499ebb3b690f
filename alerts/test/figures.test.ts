import { readGauges } from "@rossmann/warehouse";
import { createTestDatabase, loadRows, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refreshForecastGauges } from "../src/index.ts";
import { evaluate, policiesOf } from "./parts.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const days = Array.from({ length: 10 }, (_, i) => `2015-07-${String(i + 1).padStart(2, "0")}`);
  await loadRows(database.db, { sales: days.map((date) => ({ storeId: 1, date, sales: 100 })) });
  await sql`
    insert into forecast_run_registry (run_id, run_type, status, data_source_id, origin) values
      ('old', 'forecast', 'COMPLETED', 1, '2015-06-30'), ('new', 'forecast', 'COMPLETED', 1, '2015-07-05'),
      ('failed', 'forecast', 'FAILED', 1, '2015-07-05'), ('scenario', 'scenario', 'COMPLETED', 1, '2015-07-05')`.execute(
    database.db,
  );
  // The old forecast is 50 too high on every day, the new one 20 too low from the 6th on; the others do not count.
  await sql`
    insert into forecast_point (run_id, store_id, target_date, predicted_sales, predicted_lower, predicted_upper, known)
    select 'old', 1, d::date, 150, 140, 160, true from generate_series('2015-07-01'::date, '2015-07-10', '1 day') d
    union all select 'new', 1, d::date, 80, 60, 110, true from generate_series('2015-07-06'::date, '2015-07-10', '1 day') d
    union all select 'failed', 1, d::date, 9999, 1, 2, true from generate_series('2015-07-06'::date, '2015-07-10', '1 day') d
    union all select 'scenario', 1, d::date, 9999, 1, 2, true from generate_series('2015-07-06'::date, '2015-07-10', '1 day') d`.execute(
    database.db,
  );
});
afterAll(() => database.close());

const measured = async (line: string) => {
  const policies = policiesOf(line);
  const { alerts } = await evaluate(database.db, policies);
  return alerts
    .filter(({ alert }) => alert.policyId === policies.policies[0]!.id)
    .map(({ alert, outcome }) => ({ value: alert.currentValue, outcome, labels: alert.labels }));
};

test.each([
  ["forecast_wape", 5, 0.2],
  ["forecast_wape", 10, (5 * 50 + 5 * 20) / 1_000],
  ["forecast_bias", 5, -0.2],
  ["forecast_bias", 10, (5 * 50 - 5 * 20) / 1_000],
  ["interval_coverage", 5, 1],
  ["interval_coverage", 10, 0.5],
])(
  "%s over %i days is %d: the forecast of the latest origin before each day counts",
  async (metric, days, value) => {
    const [figure] = await measured(
      `{id: m, metric_type: ${metric}, operator: ">", threshold: 100, window_days: ${days}, group_by: [data_source]}`,
    );
    expect(figure!.value).toBeCloseTo(value, 12);
    expect(figure!.labels.data_source).toBe("1");
  },
);

test("gauges tell the error by days ahead, of the latest forecast in each group; computing them again replaces them", async () => {
  await refreshForecastGauges(database.db, new Date("2015-07-13T00:00:00Z"));
  await refreshForecastGauges(database.db, new Date("2015-07-14T00:00:00Z"));
  const gauges = await readGauges(database.db);
  const gauge = (name: string, horizon?: string) =>
    gauges.find((each) => each.name === name && each.labels.horizon === horizon)?.value;
  // Up to 7 days ahead: the old one on the first five days, the new one on the others. From 8 on: the old one on the last three.
  expect(gauge("forecast_error_wape_ratio", "1-7")).toBeCloseTo(0.35, 12);
  expect(gauge("forecast_error_wape_ratio", "8-14")).toBeCloseTo(0.5, 12);
  expect(gauge("forecast_error_wape_ratio", "all")).toBeCloseTo(0.35, 12);
  expect(gauge("forecast_bias_ratio", "1-7")).toBeCloseTo(0.15, 12);
  expect(gauge("forecast_interval_coverage_ratio", "all")).toBeCloseTo(0.5, 12);
  expect(gauge("forecast_error_wape_ratio", "15-28")).toBeUndefined();
  expect(gauge("data_newest_sales_day_age_days")).toBe(4);
  expect(gauge("model_age_days")).toBeUndefined();
});

test("fewer points than min_sample are no data", async () => {
  const [figure] = await measured(
    '{id: few, metric_type: forecast_wape, operator: ">", threshold: 0, min_sample: 11, window_days: 28}',
  );
  expect(figure).toMatchObject({ outcome: "no_data" });
});

test("data is as old as its newest sales day, a load as its end, and without a model there is no data", async () => {
  const [data] = await measured('{id: d, metric_type: data_freshness_days, operator: ">", threshold: 3}');
  expect(data!.value).toBe(Math.floor((Date.now() - Date.parse("2015-07-10")) / 86_400_000));
  expect(data!.outcome).toBe("met");
  const [load] = await measured('{id: l, metric_type: load_age_hours, operator: ">", threshold: 3}');
  expect(load!.value).toBeLessThan(1);
  const [model] = await measured('{id: a, metric_type: model_age_days, operator: ">", threshold: 3}');
  expect(model).toMatchObject({ value: null, outcome: "no_data" });
});

test("rules count once per run that fails them, by rule or as the worst of all", async () => {
  const { db } = database;
  await sql`
    insert into preflight_run_registry (run_id, source_name, mode, validation_status, semantic_status, final_status, used_input_path)
    select 'r' || n, 'train', 'enforce', 'PASS', 'FAIL', 'FAIL', 'x' from generate_series(1, 3) n`.execute(
    db,
  );
  await sql`
    insert into preflight_rule_outcome (run_id, source_name, rule_id, rule_type, severity, status, failed_count, message, mode, final_status)
    select 'r' || n, 'train', 'day_of_week_allowed', 'domain', 'error', case when n < 3 then 'FAIL' else 'WARN' end, 9, 'bad day', 'enforce', 'FAIL' from generate_series(1, 3) n
    union all select 'r1', 'train', 'other', 'domain', 'error', 'PASS', 0, null, 'enforce', 'FAIL'`.execute(
    db,
  );
  const one = await measured(
    '{id: o, metric_type: semantic_rule_fail_count, rule_id: day_of_week_allowed, operator: ">", threshold: 0}',
  );
  expect(one).toMatchObject([{ value: 2, outcome: "met" }]);
  const top = await measured('{id: t, metric_type: top_rule_fail_count, operator: ">", threshold: 5}');
  expect(top).toMatchObject([{ value: 2, outcome: "clear" }]);
  const each = await measured(
    '{id: e, metric_type: semantic_rule_fail_count, group_by: [rule_id], operator: ">", threshold: 0}',
  );
  expect(each.map(({ labels, outcome }) => [labels.rule_id, outcome])).toEqual([
    ["day_of_week_allowed", "met"],
    ["other", "clear"],
  ]);
});
