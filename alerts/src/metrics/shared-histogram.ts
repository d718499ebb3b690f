import { Histogram } from "@rossmann/core";

/** One label set of a histogram that is kept elsewhere. */
export interface HistogramSeries<Label extends string> {
  labels: Record<Label, string>;
  /** observations per bucket, not cumulative; the last is beyond every bound */
  counts: number[];
  sum: number;
}

/** A Prometheus histogram whose observations are counted outside this process, and read when it is scraped. */
export class SharedHistogram<Label extends string> extends Histogram<Label> {
  readonly #read: () => Promise<HistogramSeries<Label>[]>;
  readonly #about: { name: string; help: string; bounds: readonly number[] };

  constructor(
    options: {
      name: string;
      help: string;
      labelNames: Label[];
      bounds: readonly number[];
      registers: never[];
    },
    read: () => Promise<HistogramSeries<Label>[]>,
  ) {
    super({ ...options, buckets: [...options.bounds] });
    this.#about = { name: options.name, help: options.help, bounds: options.bounds };
    this.#read = read;
  }

  override async get(): ReturnType<Histogram<Label>["get"]> {
    const { name, help, bounds } = this.#about;
    const series = await this.#read();
    const values = series.flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const buckets = [...bounds, "+Inf" as const].map((le, i) => {
        total += counts[i] ?? 0;
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total };
      });
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: total },
      ];
    });
    return { name, help, type: "histogram", aggregator: "sum", values } as unknown as Awaited<
      ReturnType<Histogram<Label>["get"]>
    >;
  }

  /** What the registry asks for when it writes text; the base class would answer from its own, empty buckets. */
  getForPromString(): ReturnType<Histogram<Label>["get"]> {
    return this.get();
  }
}
