import type { PublishPhase } from "@rossmann/warehouse";

/** Steps of a load in their order; the last five happen in one transaction. */
export type IngestPhase = "read_stores" | "read_sales" | "read_future" | "check" | "copy" | PublishPhase;

/** Where a load stands. */
export interface IngestProgress {
  phase: IngestPhase;
  /** rows the phase has done so far; 0 where it does not count them */
  rows: number;
  /** of this phase, so far */
  rowsPerSecond: number;
  /** since the load began */
  elapsedMs: number;
  /** the phase is over */
  done: boolean;
}

/** Run a step of a load and tell about it: at its beginning, every second, whenever rows come in, and at its end. */
export type ReportStep = <T>(
  first: IngestPhase,
  work: (rows: (count: number) => void, next: (phase: IngestPhase) => void) => Promise<T>,
) => Promise<T>;

const TICK_MS = 1_000;

export function progressReporter(
  onProgress: ((progress: IngestProgress) => void) | undefined,
  now: () => number,
): ReportStep {
  const startedAt = now();
  return async (first, work) => {
    let phase = first;
    let phaseStart = now();
    let rows = 0;
    const tell = (done: boolean) => {
      const seconds = (now() - phaseStart) / 1000;
      onProgress?.({
        phase,
        rows,
        rowsPerSecond: rows === 0 || seconds === 0 ? 0 : Math.round(rows / seconds),
        elapsedMs: now() - startedAt,
        done,
      });
    };
    const next = (following: IngestPhase) => {
      if (following === phase) return;
      tell(true);
      phase = following;
      phaseStart = now();
      rows = 0;
      tell(false);
    };
    const count = (done: number) => {
      rows = done;
      tell(false);
    };
    tell(false);
    // A single long statement reports nothing of itself; the tick shows that time passes.
    const tick = setInterval(() => tell(false), TICK_MS);
    try {
      const result = await work(count, next);
      tell(true);
      return result;
    } finally {
      clearInterval(tick);
    }
  };
}
