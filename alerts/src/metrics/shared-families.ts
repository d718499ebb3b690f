import { Counter, Gauge, type Registry } from "@rossmann/core";
import {
  type AlertGauges,
  activeSilences,
  type CounterValue,
  type Db,
  listActiveAlerts,
  listSchedulerJobs,
  readAlertGauges,
  readCounters,
  readGauges,
  type SchedulerJob,
  type StoredGauge,
} from "@rossmann/warehouse";
import { silencedAlerts } from "../silence.ts";
import { type HistogramSeries, SharedHistogram } from "./shared-histogram.ts";

/** What one scrape reads of the database. */
export interface Snapshot {
  counters: CounterValue[];
  gauges: AlertGauges;
  jobs: SchedulerJob[];
  silenced: { severity: string; count: number }[];
  stored: StoredGauge[];
}

type LabelSets<Label extends string> = Record<Label, string>[];

/** Declares families whose figures are read from the database when they are scraped. */
export type SharedFamilies = ReturnType<typeof sharedFamilies>;

/** One scrape asks every family at the same moment; they share one reading of the database. */
const SNAPSHOT_MS = 500;

/**
 * While the database is away the counters keep their last values, gauges are absent, `preflight_metrics_database_up` is 0 and
 * `preflight_metrics_render_errors_total` grows.
 */
export function sharedFamilies(db: Db, registry: Registry) {
  const registers = [registry];
  const renderErrors = new Counter({
    name: "preflight_metrics_render_errors_total",
    help: "Scrapes for which the shared figures could not be read",
    registers,
    // Waits, so that the scrape that failed shows itself.
    collect: async () => void (await snapshot()),
  });
  const databaseUp = new Gauge({
    name: "preflight_metrics_database_up",
    help: "1 when this scrape could read the shared figures, else 0",
    registers,
    collect: async () => void (await snapshot()),
  });

  let taken: { at: number; snapshot: Promise<Snapshot | null> } | null = null;
  const snapshot = (): Promise<Snapshot | null> => {
    const now = performance.now();
    if (taken === null || now - taken.at > SNAPSHOT_MS) taken = { at: now, snapshot: take() };
    return taken.snapshot;
  };
  const take = async (): Promise<Snapshot | null> => {
    try {
      const taken = await readAll(db);
      databaseUp.set(1);
      return taken;
    } catch {
      databaseUp.set(0);
      renderErrors.inc();
      return null;
    }
  };

  return {
    /** @param zeros label sets that are shown before anything was counted */
    counter<Label extends string>(
      name: string,
      help: string,
      labelNames: Label[],
      zeros: () => Promise<LabelSets<Label>> | LabelSets<Label>,
      source: (counters: CounterValue[]) => CounterValue[] = (counters) =>
        counters.filter((each) => each.name === name),
    ): void {
      new Counter<Label>({
        name,
        help,
        labelNames,
        registers,
        async collect() {
          const now = await snapshot();
          if (now === null) return;
          this.reset();
          for (const labels of await zeros()) this.inc(labels, 0);
          for (const { labels, value } of source(now.counters))
            this.inc(labels as Record<Label, string>, value);
        },
      });
    },
    gauge<Label extends string>(
      name: string,
      help: string,
      labelNames: Label[],
      values: (now: Snapshot) => { labels: Record<Label, string>; value: number }[],
    ): void {
      new Gauge<Label>({
        name,
        help,
        labelNames,
        registers,
        async collect() {
          const now = await snapshot();
          this.reset();
          // Without labels reset leaves a 0 behind, which would read as a figure.
          if (now === null) return labelNames.length === 0 ? this.remove() : undefined;
          for (const { labels, value } of values(now)) this.set(labels, value);
        },
      });
    },
    /**
     * @param bounds upper bounds of the buckets, as the counters of that name have them in the label `le`
     * @param series label sets, given those that have been counted
     */
    histogram<Label extends string>(
      name: string,
      help: string,
      labelNames: Label[],
      bounds: readonly number[],
      series: (counted: LabelSets<Label>) => Promise<LabelSets<Label>> | LabelSets<Label>,
    ): void {
      const read = async (): Promise<HistogramSeries<Label>[]> => {
        const rows = ((await snapshot())?.counters ?? []).filter((each) => each.name === name);
        const counted = new Map(rows.map((row) => [keyOf(row.labels, labelNames), row.labels]));
        const wanted = await series([...counted.values()] as LabelSets<Label>);
        return wanted.map((labels) => {
          const ofSeries = rows.filter((row) => keyOf(row.labels, labelNames) === keyOf(labels, labelNames));
          const valueAt = (le: string) => ofSeries.find((row) => row.labels.le === le)?.value ?? 0;
          return {
            labels: Object.fromEntries(labelNames.map((label) => [label, labels[label]])) as Record<
              Label,
              string
            >,
            counts: [...bounds.map((bound) => valueAt(String(bound))), valueAt("+Inf")],
            sum: valueAt("sum"),
          };
        });
      };
      registry.registerMetric(new SharedHistogram({ name, help, labelNames, bounds, registers: [] }, read));
    },
  };
}

async function readAll(db: Db): Promise<Snapshot> {
  // Two connections, however many questions: a scrape must not take those that requests need.
  const [[counters, jobs], [gauges, stored, firing, silences]] = await Promise.all([
    (async () => [await readCounters(db), await listSchedulerJobs(db)] as const)(),
    (async () =>
      [
        await readAlertGauges(db),
        await readGauges(db),
        await listActiveAlerts(db, { status: "FIRING", limit: 1_000 }),
        await activeSilences(db),
      ] as const)(),
  ]);
  const silencedIds = silencedAlerts(firing.alerts, silences);
  const silenced = [
    ...Map.groupBy(
      firing.alerts.filter(({ alertId }) => silencedIds.has(alertId)),
      ({ severity }) => severity,
    ),
  ];
  return {
    counters,
    gauges,
    jobs,
    stored,
    silenced: silenced.map(([severity, alerts]) => ({ severity, count: alerts.length })),
  };
}

function keyOf(labels: Record<string, string>, names: readonly string[]): string {
  return names.map((name) => labels[name] ?? "").join("\n");
}

/** An instant as Prometheus counts time; 0 for never. */
export function seconds(at: Date | null): number {
  return at === null ? 0 : at.getTime() / 1_000;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
