import type {
  BacktestMetrics,
  BacktestRow,
  ExperimentItem,
  MetricSet,
  ModelMetadata,
  ModelVersionItem,
} from "@rossmann/backend";
import { addDays, type Day } from "../src/lib/days.ts";

/** What the registry of models says; null = no such route. */
export interface FakeAnswer {
  status: number;
  /** A string is the detail of a refusal. */
  body: unknown;
}

export interface FakeModels {
  answer: (method: string, path: string, body?: unknown) => FakeAnswer | null;
  /** Begins a training, as a request would. */
  train: (profile?: "quick" | "full") => ExperimentItem;
}

const MODELS: readonly [name: string, wape: number][] = [
  ["average", 0.081],
  ["boosting", 0.084],
  ["ridge", 0.089],
  ["store_weekday_promo_median", 0.118],
  ["seasonal_naive", 0.196],
];
const HARD: Record<string, Record<string, number>> = {
  all: { all: 1 },
  horizon: { "1-7": 0.86, "8-14": 0.95, "15-28": 1.02, "29-42": 1.12 },
  long_all: { all: 1.7 },
  long_horizon: { "43-90": 1.6, "91-180": 1.8 },
  weekday: { 1: 1.22, 2: 0.96, 3: 0.9, 4: 0.93, 5: 0.95, 6: 1.02, 7: 1.6 },
  promo: { promo: 1.04, no_promo: 0.97 },
  store_type: { a: 0.98, b: 1.3, c: 0.99, d: 1.01 },
  store_decile: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [i + 1, 1.14 - i * 0.025])),
};

/** A registry with three versions and a few trainings, in memory; a training started here takes `trainingMs`. */
export function fakeModels(lastDay: Day, isTrained = true, trainingMs = 24_000): FakeModels {
  const origins = [42, 84, 406].map((days) => addDays(lastDay, -days));
  const versions: ModelVersionItem[] = isTrained
    ? [version(3, "average", 1), version(2, "boosting", 9), version(1, "ridge", 20)]
    : [];
  if (versions[0] && versions[1]) {
    versions[0].aliases = ["champion"];
    versions[1].aliases = ["challenger"];
  }
  const past: string[] = [];
  const runs: (ExperimentItem & { startedAt?: number })[] = isTrained
    ? [
        { ...run("exp_3", "COMPLETED", 1, "full"), version: 3 },
        {
          ...run("exp_broken", "FAILED", 4, "full"),
          error_message: "cancelled by a request to the API (6f1b2c3d)",
        },
        { ...run("exp_lost", "FAILED", 6, "quick"), error_message: "the process that trained it is gone" },
        { ...run("exp_2", "COMPLETED", 9, "full"), version: 2, model_type: "boosting" },
        { ...run("exp_1", "COMPLETED", 20, "quick"), version: 1, model_type: "ridge" },
      ]
    : [];

  return { answer, train };

  function answer(method: string, path: string, body?: unknown): FakeAnswer | null {
    advance();
    const parts = path.split("/").slice(1);
    if (path === "/model/metadata")
      return versions.length === 0
        ? { status: 503, body: "There is no model yet." }
        : { status: 200, body: metadata() };
    if (parts[0] !== "ml") return null;
    if (path === "/ml/models") return { status: 200, body: versions };
    if (path === "/ml/models/rollback" && method === "POST") {
      const before = versions.find(({ version }) => String(version) === past.at(-1));
      if (before === undefined) return { status: 409, body: "No other version has served before version 3." };
      past.pop();
      return { status: 200, body: serve(before) };
    }
    if (parts[3] === "promote" && method === "POST") {
      const chosen = versions.find(({ version }) => String(version) === parts[2]);
      if (chosen === undefined) return { status: 404, body: `There is no version ${parts[2]}.` };
      past.push(String(champion()?.version ?? ""));
      return { status: 200, body: serve(chosen) };
    }
    if (path === "/ml/trainings" && method === "POST") {
      if (runs.some((item) => item.status === "RUNNING"))
        return { status: 409, body: "Another training of this data source runs." };
      const profile = (body as { profile?: "quick" | "full" } | undefined)?.profile;
      return { status: 202, body: train(profile) };
    }
    if (path === "/ml/experiments")
      return { status: 200, body: { items: runs, limit: 100, data_source_id: 1 } };
    const item = runs.find((candidate) => candidate.experiment_id === parts[2]);
    if (item === undefined) return { status: 404, body: `There is no experiment ${parts[2]}.` };
    if (parts[1] === "trainings" && method === "DELETE") {
      if (item.status !== "RUNNING") return { status: 409, body: "It is over." };
      end(item, "FAILED", "cancelled by a request to the API (6f1b2c3d)");
      return { status: 200, body: item };
    }
    if (parts[3] === "backtest")
      return { status: 200, body: { experiment_id: item.experiment_id, rows: backtest() } };
    return { status: 200, body: item };
  }

  function train(profile: "quick" | "full" = "quick"): ExperimentItem {
    const item = {
      ...run(`exp_${runs.length + 4}`, "RUNNING", 0, profile),
      startedAt: Date.now(),
    };
    runs.unshift(item);
    advance();
    return item;
  }

  /** Time goes by in a running training. */
  function advance(): void {
    for (const item of runs) {
      if (item.status !== "RUNNING") continue;
      const elapsed = Date.now() - (item.startedAt ?? Date.now());
      const share = Math.min(1, elapsed / trainingMs);
      if (share === 1) {
        const made = version((versions[0]?.version ?? 0) + 1, "average", 0);
        made.experiment_id = item.experiment_id;
        item.version = made.version;
        item.model_type = "average";
        item.metrics = metrics();
        versions.unshift(made);
        past.push(String(champion()?.version ?? ""));
        serve(made);
        end(item, "COMPLETED", null);
      } else {
        item.progress = {
          stage: share < 0.1 ? "read" : "backtest",
          share,
          message: share < 0.1 ? "read the sales history" : `boosting at ${origins[1]}`,
          elapsed_ms: elapsed,
          remaining_ms: share < 0.05 ? null : (elapsed / share) * (1 - share),
        };
      }
    }
  }

  function end(item: ExperimentItem, status: "COMPLETED" | "FAILED", message: string | null): void {
    Object.assign(item, {
      status,
      error_message: message,
      progress: null,
      updated_at: new Date().toISOString(),
    });
  }

  function champion(): ModelVersionItem | undefined {
    return versions.find(({ aliases }) => aliases.includes("champion"));
  }

  function serve(chosen: ModelVersionItem): ModelVersionItem {
    for (const each of versions) each.aliases = each.aliases.filter((alias) => alias !== "champion");
    chosen.aliases = ["champion"];
    return chosen;
  }

  function version(number: number, type: string, daysAgo: number): ModelVersionItem {
    return {
      version: number,
      model_type: type,
      trained_to: lastDay,
      created_at: ago(daysAgo),
      experiment_id: `exp_${number}`,
      sha256: `${number}f`.repeat(32),
      aliases: [],
      gate:
        number === 1
          ? "first model of this data source"
          : `not worse than the champion: mean RMSPE 0.1042 against 0.1067 of version ${number - 1} on 3 common origins`,
    };
  }

  function run(
    id: string,
    status: ExperimentItem["status"],
    daysAgo: number,
    profile: "quick" | "full",
  ): ExperimentItem {
    const isDone = status === "COMPLETED";
    return {
      experiment_id: id,
      data_source_id: 1,
      model_type: isDone ? "average" : status === "RUNNING" ? "pending" : "failed",
      profile,
      hyperparameters: {
        profile,
        random_state: profile === "full" ? 7 : 42,
        origins: 3,
        horizon: 42,
        target_transform: "log",
      },
      training_period: isDone ? { start: "2013-01-01", end: lastDay } : { start: null, end: null },
      validation_period: isDone
        ? { start: addDays(origins[2] ?? lastDay, 1), end: lastDay }
        : { start: null, end: null },
      metrics: isDone ? metrics() : {},
      status,
      error_message: null,
      version: null,
      progress: null,
      artifact_path: null,
      metadata_path: null,
      created_at: ago(daysAgo),
      updated_at: ago(daysAgo, profile === "full" ? 412_000 : 58_000),
    };
  }

  function metadata(): ModelMetadata {
    const serving = champion();
    const hasTrees = serving?.model_type !== "ridge";
    return {
      selected_model: serving?.model_type ?? "average",
      trained_at: ago(1),
      metrics: metrics(),
      catboost_candidates: [],
      catboost_selected_params: null,
      target_transform: "log",
      prediction_floor: 0,
      prediction_cap: null,
      prediction_interval_sigma: null,
      top_feature_importance: hasTrees
        ? [
            "base364",
            "promo",
            "weekday",
            "days_until_state_holiday",
            "level28",
            "month",
            "school_holiday",
            "promo_day_index",
            "log_competition_distance",
            "assortment",
            "ridge_line364",
            "promo2",
            "state_holiday",
            "store_type",
          ].map((feature, i) => ({ feature, importance: 40 * 0.72 ** i }))
        : [],
      train_period: { date_from: "2013-01-01", date_to: lastDay },
      validation_period: { date_from: addDays(origins[2] ?? lastDay, 1), date_to: lastDay },
      rows: { train: 844_338, validation: 119_842 },
      horizon_parts: [
        { to: 42, model: serving?.model_type ?? "average" },
        { to: 180, model: "boosting" },
      ],
      version: serving?.version ?? null,
      model_version: serving?.version ?? null,
      data_source_id: 1,
      gate: serving?.gate ?? null,
      experiment_id: serving?.experiment_id ?? null,
      trained_to: lastDay,
    };
  }

  function metrics(): Record<string, MetricSet> {
    const sets = MODELS.map(([name, wape]) => [name, metricSet(wape)] as const);
    return Object.fromEntries([...sets, ["best", metricSet(MODELS[0]?.[1] ?? 0.08)]]);
  }

  function backtest(): BacktestRow[] {
    return MODELS.flatMap(([model, wape]) =>
      origins.flatMap((origin, o) =>
        Object.entries(HARD).flatMap(([kind, segments]) =>
          Object.entries(segments).map(([segment, hard]) => ({
            model_type: model,
            origin,
            segment_kind: kind,
            segment,
            points: Math.round(40_000 / Object.keys(segments).length),
            metrics: measures(wape * hard * (0.94 + o * 0.06), o),
          })),
        ),
      ),
    );
  }
}

const ago = (days: number, plusMs = 0): string =>
  new Date(Date.now() - days * 86_400_000 - 3_600_000 + plusMs).toISOString();

const metricSet = (wape: number): MetricSet => ({
  mae: wape * 6_900,
  rmse: wape * 10_100,
  mape: wape * 104,
  wape: wape * 100,
  smape: wape * 102,
  mape_nonzero: wape * 104,
  rmspe: wape * 1.3,
  bias: 0.006,
  coverage_80: 0.79,
  coverage_90: 0.89,
  coverage_95: 0.94,
});

const measures = (wape: number, origin: number): BacktestMetrics => ({
  rmspe: wape * 1.3,
  wape,
  mae: wape * 6_900,
  rmse: wape * 10_100,
  smape: wape * 1.02,
  mape_nonzero: wape * 1.04,
  bias: 0.012 - origin * 0.007,
  coverage_80: 0.76 + origin * 0.03,
  coverage_90: 0.87 + origin * 0.02,
  coverage_95: 0.93 + origin * 0.01,
  pinball: wape * 1_000,
});
