import {
  type Db,
  forecastFigures,
  type PreflightGroup,
  type PreflightWindow,
  preflightFigures,
  resolveDataSource,
  ruleFigures,
  type SourceAges,
  sourceAges,
} from "@rossmann/warehouse";
import type { Labels } from "./labels.ts";
import type { Policy } from "./policy.ts";

/** The value of a policy's metric for one label set. */
export interface Figure {
  /** labels that tell this figure from the policy's others; empty for a policy without `group_by` */
  instance: Labels;
  /** null: cannot be computed (no observations) */
  value: number | null;
  /** observations behind it */
  sample: number;
  /** what goes into the evaluation context */
  details: Record<string, unknown>;
}

const DAY_MS = 86_400_000;

/**
 * Measure a policy's metric.
 *
 * @param at end of the window
 * @returns one figure per label set that has observations; exactly one for a policy without `group_by`
 * @throws when the data source is unknown or the database does not answer
 */
export async function measure(db: Db, policy: Policy, at: Date): Promise<Figure[]> {
  const dataSourceId =
    policy.dataSource === null
      ? null
      : (await resolveDataSource(db, policy.dataSource, { allowInactive: true })).id;
  switch (policy.metricType) {
    case "forecast_wape":
    case "forecast_bias":
    case "interval_coverage":
      return measureForecasts(db, policy, dataSourceId, policy.metricType);
    case "data_freshness_days":
    case "load_age_hours":
    case "model_age_days":
      return measureAges(db, policy, dataSourceId, at, policy.metricType);
    case "top_rule_fail_count":
    case "semantic_rule_fail_count":
      return measureRules(db, policy, windowOf(policy, dataSourceId, at));
    default:
      return measureRuns(db, policy, windowOf(policy, dataSourceId, at));
  }
}

function windowOf(policy: Policy, dataSourceId: number | null, at: Date): PreflightWindow {
  const from = new Date(at.getTime() - policy.windowDays * DAY_MS);
  return { from, to: at, sourceName: policy.sourceName, dataSourceId };
}

function runGroups(policy: Policy): PreflightGroup[] {
  return policy.groupBy.filter((label) => label !== "rule_id");
}

async function measureRuns(db: Db, policy: Policy, window: PreflightWindow): Promise<Figure[]> {
  const groups = await preflightFigures(db, window, runGroups(policy));
  return groups.map((group) => {
    const counts = {
      total_runs: group.runs,
      fail_count: group.failed,
      blocked_count: group.blocked,
      used_unified_count: group.usedUnified,
    };
    const figure = (value: number | null, sample: number, more: Record<string, unknown> = {}): Figure => ({
      instance: instanceOf(policy, group),
      value,
      sample,
      details: { ...windowDetails(window), ...counts, ...more },
    });
    const ratio = (numerator: number, denominator: number) =>
      figure(denominator === 0 ? null : numerator / denominator, denominator, {
        metric_details: { numerator, denominator },
      });
    if (policy.metricType === "fail_rate") return ratio(group.failed, group.runs);
    // Only runs in mode enforce may use the unified file: the others would drag the rate to 0 wherever preflight only reports.
    if (policy.metricType === "unified_usage_rate") return ratio(group.usedUnified, group.enforced);
    return figure(policy.metricType === "blocked_count" ? group.blocked : group.failed, group.runs);
  });
}

async function measureRules(db: Db, policy: Policy, window: PreflightWindow): Promise<Figure[]> {
  const [runs, rules] = await Promise.all([
    preflightFigures(db, window, runGroups(policy)),
    ruleFigures(db, window, runGroups(policy)),
  ]);
  const ruleDetails = (rule: (typeof rules)[number] | undefined) =>
    rule === undefined
      ? null
      : {
          rule_id: rule.ruleId,
          rule_type: rule.ruleType,
          severity: rule.severity,
          fail_count: rule.failed,
          warn_count: rule.warned,
          last_seen_at: rule.lastSeenAt.toISOString(),
          sample_message: rule.sampleMessage,
        };
  return runs.flatMap((group): Figure[] => {
    const ofGroup = rules.filter(
      (rule) => rule.sourceName === group.sourceName && rule.dataSourceId === group.dataSourceId,
    );
    const details = {
      ...windowDetails(window),
      total_runs: group.runs,
      fail_count: group.failed,
      blocked_count: group.blocked,
    };
    if (policy.groupBy.includes("rule_id")) {
      return ofGroup.map((rule) => ({
        instance: { ...instanceOf(policy, group), rule_id: rule.ruleId },
        value: rule.failed,
        sample: group.runs,
        details: { ...details, rule: ruleDetails(rule), rule_id: rule.ruleId },
      }));
    }
    const rule =
      policy.metricType === "top_rule_fail_count"
        ? ofGroup.find((each) => each.failed > 0)
        : ofGroup.find((each) => each.ruleId === policy.ruleId);
    return [
      {
        instance: instanceOf(policy, group),
        value: rule?.failed ?? 0,
        sample: group.runs,
        details: {
          ...details,
          rule: ruleDetails(rule),
          ...(policy.ruleId === null ? {} : { rule_id: policy.ruleId }),
        },
      },
    ];
  });
}

async function measureForecasts(
  db: Db,
  policy: Policy,
  dataSourceId: number | null,
  metric: "forecast_wape" | "forecast_bias" | "interval_coverage",
): Promise<Figure[]> {
  const found = await forecastFigures(db, policy.windowDays, dataSourceId);
  const rows = policy.groupBy.length > 0 ? found : [summed(found)];
  return rows.map((row): Figure => {
    const isCoverage = metric === "interval_coverage";
    const numerator = isCoverage ? row.covered : metric === "forecast_wape" ? row.absoluteError : row.error;
    const denominator = isCoverage ? row.intervals : row.actual;
    return {
      instance: policy.groupBy.length > 0 ? { data_source: String(row.dataSourceId) } : {},
      value: denominator === 0 ? null : numerator / denominator,
      sample: isCoverage ? row.intervals : row.points,
      details: {
        window_days: policy.windowDays,
        points: row.points,
        metric_details: { numerator, denominator },
      },
    };
  });
}

async function measureAges(
  db: Db,
  policy: Policy,
  dataSourceId: number | null,
  at: Date,
  metric: "data_freshness_days" | "load_age_hours" | "model_age_days",
): Promise<Figure[]> {
  const ageOf = (source: SourceAges) =>
    ({
      data_freshness_days: source.freshnessDays,
      load_age_hours: source.loadAgeHours,
      model_age_days: source.modelAgeDays,
    })[metric];
  const figures = (await sourceAges(db, at, dataSourceId)).map(
    (source): Figure => ({
      instance: { data_source: String(source.dataSourceId) },
      value: ageOf(source),
      sample: ageOf(source) === null ? 0 : 1,
      details: { data_source_name: source.name },
    }),
  );
  if (policy.groupBy.length > 0) return figures;
  const oldest = figures.reduce<Figure | null>(
    (worst, figure) => (worst === null || (figure.value ?? -1) > (worst.value ?? -1) ? figure : worst),
    null,
  );
  return [
    oldest === null ? { instance: {}, value: null, sample: 0, details: {} } : { ...oldest, instance: {} },
  ];
}

function summed(rows: Awaited<ReturnType<typeof forecastFigures>>) {
  const total = {
    dataSourceId: 0,
    points: 0,
    absoluteError: 0,
    error: 0,
    actual: 0,
    intervals: 0,
    covered: 0,
  };
  for (const row of rows) {
    total.points += row.points;
    total.absoluteError += row.absoluteError;
    total.error += row.error;
    total.actual += row.actual;
    total.intervals += row.intervals;
    total.covered += row.covered;
  }
  return total;
}

function instanceOf(
  policy: Policy,
  group: { sourceName: string | null; dataSourceId: number | null },
): Labels {
  return {
    ...(policy.groupBy.includes("source_name") && group.sourceName !== null
      ? { source_name: group.sourceName }
      : {}),
    ...(policy.groupBy.includes("data_source") && group.dataSourceId !== null
      ? { data_source: String(group.dataSourceId) }
      : {}),
  };
}

function windowDetails(window: PreflightWindow): Record<string, unknown> {
  return { window_start: window.from.toISOString(), window_end: window.to.toISOString() };
}
