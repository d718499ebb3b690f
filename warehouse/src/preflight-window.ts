import { type RawBuilder, sql } from "kysely";
import { behind, type PreflightFilter } from "./preflight-filter.ts";

const WIDTH_MS = { day: 86_400_000, hour: 3_600_000 } as const;

/** Two ways to the same figures, with the same columns. */
export interface CountedWays {
  /**
   * from counts that are kept per day or hour
   *
   * @param part   filter without the window
   * @param within condition on `bucket_start`
   */
  kept: (part: PreflightFilter, within: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** one by one */
  single: (part: PreflightFilter) => RawBuilder<unknown>;
}

/**
 * The rows of a window, joined from whole days or hours as they are kept, and from single rows at the ends that the window
 * cuts off.
 */
export function overWindow(
  filter: PreflightFilter,
  width: keyof typeof WIDTH_MS,
  { kept, single }: CountedWays,
): RawBuilder<unknown> {
  const { from, to, ...rest } = filter;
  const ms = WIDTH_MS[width];
  const begin = from ? new Date(Math.ceil(from.getTime() / ms) * ms) : null;
  const end = to ? new Date(Math.floor(behind(to).getTime() / ms) * ms) : null;
  if (begin !== null && end !== null && begin >= end) return single(filter);

  const within = sql.join(
    [
      begin === null ? sql`true` : sql`bucket_start >= ${begin}::timestamptz`,
      end === null ? sql`true` : sql`bucket_start < ${end}::timestamptz`,
    ],
    sql` and `,
  );
  const parts = [kept(rest, within)];
  if (from && begin && from < begin) parts.push(single({ ...rest, from, to: new Date(begin.getTime() - 1) }));
  if (to && end && end < behind(to)) parts.push(single({ ...rest, from: end, to }));
  return sql.join(parts, sql` union all `);
}
