import { preflightModes, preflightSources } from "@rossmann/etl";
import type { PreflightFilter } from "@rossmann/warehouse";
import { z } from "zod";
import { HttpRefusal } from "../errors.ts";
import { anyDataSource, finalStatusFilter, sourceName, verdict } from "./preflight-runs.ts";
import { instant, oneOf, wholeNumber } from "./values.ts";

const MOST_DAYS = 3650;
const MS_PER_DAY = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

const end = (which: "first" | "last") =>
  z
    .string()
    .max(40)
    .optional()
    .describe(
      `A day (its ${which} instant, UTC) or an instant, inside the window; without a zone it is UTC. Blank counts as absent`,
    );

/** Parameters that statistics over preflight runs have in common. */
export const windowQuery = {
  source_name: sourceName().optional(),
  data_source_id: anyDataSource(),
  mode: oneOf(preflightModes).optional(),
  final_status: finalStatusFilter().optional(),
  date_from: end("first"),
  date_to: end("last"),
  days: wholeNumber(1, MOST_DAYS)
    .optional()
    .describe("The last so many times 24 hours; not together with a date"),
};

export const windowEchoSchema = z
  .object({
    source_name: z.enum(preflightSources).nullable(),
    data_source_id: z.int().nullable(),
    mode: z.enum(preflightModes).nullable(),
    final_status: verdict().nullable(),
    date_from: instant().nullable(),
    date_to: instant().nullable(),
    days: z.int().nullable(),
  })
  .meta({ id: "PreflightWindow", description: "By what the runs were chosen; null where it did not matter" });

type WindowQuery = z.output<z.ZodObject<typeof windowQuery>>;
export type PreflightWindowEcho = z.output<typeof windowEchoSchema>;

/**
 * The window of a question and how it is told.
 *
 * @param now end of a window of `days`, in milliseconds since 1970
 * @throws {HttpRefusal} 400 `period_invalid` for a date that is none, an end before the beginning, or days beside a date
 */
export function windowOf(
  query: WindowQuery,
  now: number,
): { filter: PreflightFilter; echo: PreflightWindowEcho } {
  const [from, to] = [instantOf("date_from", query.date_from), instantOf("date_to", query.date_to)];
  if (query.days !== undefined && (from !== null || to !== null))
    throw invalid("give days, or date_from and date_to, not both");
  if (from !== null && to !== null && from > to)
    throw invalid(`date_from must not be after date_to, got ${query.date_from} and ${query.date_to}`);
  const window =
    query.days === undefined
      ? { from, to }
      : { from: new Date(now - query.days * MS_PER_DAY), to: new Date(now) };
  return {
    filter: {
      ...window,
      sourceName: query.source_name,
      dataSourceId: query.data_source_id,
      mode: query.mode,
      finalStatus: query.final_status,
    },
    echo: {
      source_name: query.source_name ?? null,
      data_source_id: query.data_source_id ?? null,
      mode: query.mode ?? null,
      final_status: query.final_status ?? null,
      date_from: window.from?.toISOString() ?? null,
      date_to: window.to?.toISOString() ?? null,
      days: query.days ?? null,
    },
  };
}

function instantOf(name: "date_from" | "date_to", text: string | undefined): Date | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return null;
  const whole = DAY.test(trimmed)
    ? `${trimmed}T${name === "date_from" ? "00:00:00.000" : "23:59:59.999"}Z`
    : trimmed;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(whole) ? whole : `${whole}Z`;
  const time = DAY.test(trimmed) || INSTANT.test(trimmed) ? Date.parse(zoned.replace(" ", "T")) : Number.NaN;
  // The 31st of a short month would be read as a day of the next.
  const isCalendarDay =
    new Date(`${trimmed.slice(0, 10)}T00:00:00Z`).toJSON()?.slice(0, 10) === trimmed.slice(0, 10);
  if (Number.isNaN(time) || !isCalendarDay)
    throw invalid(
      `${name} must be a day like 2026-03-01 or an instant like 2026-03-01T12:00:00Z, got "${trimmed}"`,
    );
  return new Date(time);
}

const invalid = (message: string) => new HttpRefusal(400, "period_invalid", message);
