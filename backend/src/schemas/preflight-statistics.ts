import type { BrokenRule, PreflightCounts, PreflightTrendPoint } from "@rossmann/warehouse";
import { z } from "zod";
import { windowEchoSchema, windowQuery } from "./preflight-window.ts";
import { instant, oneOf, wholeNumber } from "./values.ts";

const MOST_RULES = 100;
const DEFAULT_RULES = 10;

export const statsQuerySchema = z.object(windowQuery);
export const trendsQuerySchema = z.object({
  ...windowQuery,
  bucket: oneOf(["day", "hour"]).default("day").describe("Width of a bucket; default day"),
});
export const topRulesQuerySchema = z.object({
  ...windowQuery,
  limit: wholeNumber(1, MOST_RULES).default(DEFAULT_RULES).describe(`Most items; default ${DEFAULT_RULES}`),
});

const countsSchema = z
  .object({
    total_runs: z.int().describe("Examined files; a delivery of two files counts twice"),
    pass_count: z.int(),
    warn_count: z.int(),
    fail_count: z.int(),
    error_count: z.int().describe("Could not be examined to the end; never counts as passed"),
    skipped_count: z.int(),
    blocked_count: z.int(),
    used_unified_count: z.int(),
    used_unified_rate: z.number().describe("Share of all, 0 to 1; 0 when there are none"),
  })
  .meta({ id: "PreflightCounts" });

export const statsSchema = countsSchema
  .extend({
    by_source: z.record(z.string(), countsSchema).describe("Of train, store and future those that have runs"),
    filters: windowEchoSchema,
  })
  .meta({ id: "PreflightStats" });

export const trendsSchema = z
  .object({
    bucket: z.enum(["day", "hour"]),
    items: z
      .array(
        z.object({
          bucket_start: instant(),
          pass_count: z.int(),
          warn_count: z.int(),
          fail_count: z.int(),
          error_count: z.int(),
          blocked_count: z.int(),
        }),
      )
      .describe("Oldest first; buckets without a run are left out"),
    filters: windowEchoSchema,
  })
  .meta({ id: "PreflightTrends" });

export const topRulesSchema = z
  .object({
    items: z
      .array(
        z.object({
          rule_id: z.string(),
          rule_type: z.string(),
          severity: z.string(),
          warn_count: z.int(),
          fail_count: z.int(),
          error_count: z.int().describe("The rule could not run"),
          last_seen_at: instant(),
          sample_message: z.string().nullable(),
        }),
      )
      .describe("Most failures first, then most warnings, then the newest"),
    limit: z.int(),
    filters: windowEchoSchema,
  })
  .meta({ id: "PreflightTopRules" });

export type PreflightStats = z.output<typeof statsSchema>;
export type PreflightStatsQuery = z.input<typeof statsQuerySchema>;
export type PreflightTrends = z.output<typeof trendsSchema>;
export type PreflightTrendsQuery = z.input<typeof trendsQuerySchema>;
export type PreflightTopRules = z.output<typeof topRulesSchema>;
export type PreflightTopRulesQuery = z.input<typeof topRulesQuerySchema>;

export function countsAnswer(counts: PreflightCounts): z.output<typeof countsSchema> {
  return {
    total_runs: counts.total,
    pass_count: counts.passed,
    warn_count: counts.warned,
    fail_count: counts.failed,
    error_count: counts.errored,
    skipped_count: counts.skipped,
    blocked_count: counts.blocked,
    used_unified_count: counts.usedUnified,
    used_unified_rate: counts.total === 0 ? 0 : counts.usedUnified / counts.total,
  };
}

/** The sum over several files. */
export function totalCounts(parts: readonly PreflightCounts[]): PreflightCounts {
  const sum = (pick: (counts: PreflightCounts) => number) => parts.reduce((all, one) => all + pick(one), 0);
  return {
    total: sum((one) => one.total),
    passed: sum((one) => one.passed),
    warned: sum((one) => one.warned),
    failed: sum((one) => one.failed),
    errored: sum((one) => one.errored),
    skipped: sum((one) => one.skipped),
    blocked: sum((one) => one.blocked),
    usedUnified: sum((one) => one.usedUnified),
  };
}

export function trendAnswer(point: PreflightTrendPoint): PreflightTrends["items"][number] {
  return {
    bucket_start: point.bucketStart.toISOString(),
    pass_count: point.passed,
    warn_count: point.warned,
    fail_count: point.failed,
    error_count: point.errored,
    blocked_count: point.blocked,
  };
}

export function brokenRuleAnswer(rule: BrokenRule): PreflightTopRules["items"][number] {
  return {
    rule_id: rule.ruleId,
    rule_type: rule.ruleType,
    severity: rule.severity,
    warn_count: rule.warned,
    fail_count: rule.failed,
    error_count: rule.errored,
    last_seen_at: rule.lastSeenAt.toISOString(),
    sample_message: rule.sampleMessage,
  };
}
