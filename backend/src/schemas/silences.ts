import { formatMatcher } from "@rossmann/alerts";
import type { StoredSilence } from "@rossmann/warehouse";
import { z } from "zod";
import { pageAnswer, pageQuery } from "./paging.ts";
import { flag, instant, moment } from "./values.ts";

const MOST_MATCHERS = 20;

export const silencesQuerySchema = z.object({
  ...pageQuery(1_000, 100),
  include_expired: flag().default(false),
});

export const silenceParamsSchema = z.object({
  silence_id: z.string().regex(/^[\w-]{1,64}$/, "must be the id of a silence"),
});

const selector = () => z.string().max(128).nullish();

export const silenceBodySchema = z.object({
  ends_at: moment().describe("When alerts are told again"),
  starts_at: moment().nullish().describe("Default: now"),
  reason: z.string().max(1_000).default(""),
  policy_id: selector(),
  source_name: selector(),
  severity: selector(),
  rule_id: selector(),
  matchers: z
    .array(z.string().max(500))
    .max(MOST_MATCHERS)
    .default([])
    .describe("Further conditions on labels: `name=value`, `!=`, `=~` or `!~`; all must hold"),
  match_everything: flag()
    .default(false)
    .describe("Must be said for a silence that names nothing and so matches every alert"),
});

export const silenceSchema = z
  .object({
    silence_id: z.string(),
    policy_id: z.string().nullable(),
    source_name: z.string().nullable(),
    severity: z.string().nullable(),
    rule_id: z.string().nullable(),
    matchers: z.array(z.string()).describe("All conditions, those of the four fields above included"),
    starts_at: instant(),
    ends_at: instant(),
    reason: z.string(),
    created_by: z.string(),
    created_at: instant(),
    expired_at: instant().nullable(),
    is_active: z.boolean(),
    state: z.enum(["pending", "active", "expired"]),
  })
  .meta({ id: "Silence" });

export const silencesSchema = z
  .object({
    ...pageAnswer,
    include_expired: z.boolean(),
    items: z.array(silenceSchema).describe("Newest first"),
  })
  .meta({ id: "Silences" });

export type Silence = z.output<typeof silenceSchema>;
export type Silences = z.output<typeof silencesSchema>;
export type SilencesQuery = z.input<typeof silencesQuerySchema>;
export type SilenceBody = z.input<typeof silenceBodySchema>;

export function silenceAnswer(silence: StoredSilence): Silence {
  return {
    silence_id: silence.silenceId,
    policy_id: silence.policyId,
    source_name: silence.sourceName,
    severity: silence.severity,
    rule_id: silence.ruleId,
    matchers: silence.matchers.map(formatMatcher),
    starts_at: silence.startsAt.toISOString(),
    ends_at: silence.endsAt.toISOString(),
    reason: silence.reason,
    created_by: silence.createdBy,
    created_at: silence.createdAt.toISOString(),
    expired_at: silence.expiredAt?.toISOString() ?? null,
    is_active: silence.state === "active",
    state: silence.state,
  };
}
