import { z } from "zod";
import { formatDuration } from "./duration.ts";
import type { Matcher } from "./matchers.ts";
import type { NoDataRule } from "./state.ts";
import { parseYamlFile } from "./yaml-file.ts";
import {
  count,
  duration,
  exactWord,
  figure,
  fileVersion,
  flag,
  identifier,
  matcher,
  refuseDoubleIds,
  word,
} from "./yaml-values.ts";

/** Figures over the preflight runs of the window. */
export const PREFLIGHT_METRICS = [
  "fail_rate",
  "blocked_count",
  "fail_count",
  "unified_usage_rate",
  "top_rule_fail_count",
  "semantic_rule_fail_count",
] as const;

/** Figures of the business: forecasts held against what was sold later, and the age of data and model. */
export const BUSINESS_METRICS = [
  "forecast_wape",
  "forecast_bias",
  "interval_coverage",
  "data_freshness_days",
  "load_age_hours",
  "model_age_days",
] as const;

export const METRICS = [...PREFLIGHT_METRICS, ...BUSINESS_METRICS] as const;
export type MetricType = (typeof METRICS)[number];

export const SEVERITIES = ["LOW", "MEDIUM", "HIGH"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const OPERATORS = [">", ">=", "<", "<=", "==", "!="] as const;
export type Operator = (typeof OPERATORS)[number];

/** Label by which one policy may be evaluated separately; each value found is an alert of its own. */
export const GROUP_LABELS = ["source_name", "data_source", "rule_id"] as const;
export type GroupLabel = (typeof GROUP_LABELS)[number];

/** When a figure deserves a call. */
export interface Policy {
  id: string;
  enabled: boolean;
  severity: Severity;
  /** null: all files */
  sourceName: "train" | "store" | "future" | null;
  /** id or name of a data source; null: all of them together */
  dataSource: number | string | null;
  windowDays: number;
  metricType: MetricType;
  operator: Operator;
  threshold: number;
  /** once firing, the alert clears only when the value no longer breaks this one; null: the threshold itself */
  resolveThreshold: number | null;
  forMs: number;
  keepFiringForMs: number;
  /** fewer observations than this in the window are no data */
  minSample: number;
  noData: NoDataRule;
  groupBy: GroupLabel[];
  /** more alerts than this from one evaluation are an error of the policy */
  maxInstances: number;
  ruleId: string | null;
  labels: Readonly<Record<string, string>>;
  description: string;
  /** page that tells what to do; null: none */
  runbook: string | null;
}

/** While a source alert fires, matching target alerts with equal labels send no notifications. */
export interface Inhibition {
  source: Matcher[];
  target: Matcher[];
  equal: string[];
}

export interface PolicyFile {
  version: string;
  policies: Policy[];
  inhibitions: Inhibition[];
}

const MAX_WINDOW_DAYS = 3_650;
const MAX_POLICIES = 500;
const RESERVED_LABELS = ["policy_id", "severity", "metric_type", ...GROUP_LABELS];

const policySchema = (intervalMs: number) =>
  z
    .strictObject(
      {
        id: identifier,
        enabled: flag.default(true),
        severity: word(SEVERITIES, "upper").default("MEDIUM"),
        source_name: word(["train", "store", "future"], "lower").nullable().default(null),
        data_source: z
          .union(
            [z.int().positive(), z.string().trim().min(1)],
            "expected the id or the name of a data source",
          )
          .nullable()
          .default(null),
        window_days: count(1, MAX_WINDOW_DAYS).default(7),
        metric_type: word(METRICS, "lower"),
        operator: exactWord(OPERATORS),
        threshold: figure,
        resolve_threshold: figure.nullable().default(null),
        for: duration.optional(),
        pending_evaluations: count(1, 10_000).optional(),
        keep_firing_for: duration.default(0),
        min_sample: count(1, 1_000_000).default(1),
        no_data: word(["alert", "ok", "keep"], "lower").default("ok"),
        group_by: z.array(word(GROUP_LABELS, "lower")).max(GROUP_LABELS.length).default([]),
        max_instances: count(1, 1_000).default(50),
        rule_id: z.string().trim().min(1).max(128).nullable().default(null),
        labels: z
          .record(
            z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, "is not a label name"),
            z.string("expected a text in quotes").max(128),
          )
          .default({}),
        description: z.string("expected a text").trim().max(500).optional(),
        runbook: z.string("expected a text").trim().max(500).nullable().default(null),
      },
      "expected a policy: a mapping with id, metric_type, operator and threshold",
    )
    .superRefine((policy, context) => {
      const mistake = (key: string, message: string) =>
        context.addIssue({ code: "custom", path: [key], message });
      if (
        policy.metric_type === "semantic_rule_fail_count" &&
        policy.rule_id === null &&
        !policy.group_by.includes("rule_id")
      ) {
        mistake("metric_type", "semantic_rule_fail_count needs rule_id, or group_by with rule_id");
      }
      if (policy.for !== undefined && policy.pending_evaluations !== undefined) {
        mistake("pending_evaluations", "cannot stand beside for: keep one of them");
      }
      const isBusiness = (BUSINESS_METRICS as readonly string[]).includes(policy.metric_type);
      if (isBusiness && policy.source_name !== null)
        mistake("source_name", `${policy.metric_type} is not measured per file`);
      const unusable = policy.group_by.filter((label) => isBusiness && label !== "data_source");
      if (unusable.length > 0)
        mistake("group_by", `${policy.metric_type} can only be grouped by data_source`);
      if (policy.group_by.includes("rule_id") && policy.metric_type !== "semantic_rule_fail_count") {
        mistake("group_by", "rule_id groups semantic_rule_fail_count only");
      }
      if (new Set(policy.group_by).size < policy.group_by.length) mistake("group_by", "names a label twice");
      for (const name of Object.keys(policy.labels)) {
        if (RESERVED_LABELS.includes(name)) mistake("labels", `${name} is set by the platform`);
      }
      if (
        policy.resolve_threshold !== null &&
        !relaxes(policy.operator, policy.threshold, policy.resolve_threshold)
      ) {
        mistake(
          "resolve_threshold",
          `must lie on the quiet side of the threshold ${policy.threshold} for ${policy.operator}`,
        );
      }
    })
    .transform(
      (policy): Policy => ({
        id: policy.id,
        enabled: policy.enabled,
        severity: policy.severity,
        sourceName: policy.source_name,
        dataSource: policy.data_source,
        windowDays: policy.window_days,
        metricType: policy.metric_type,
        operator: policy.operator,
        threshold: policy.threshold,
        resolveThreshold: policy.resolve_threshold,
        // A count of evaluations is the time between the first and the last of them.
        forMs: policy.for ?? ((policy.pending_evaluations ?? 1) - 1) * intervalMs,
        keepFiringForMs: policy.keep_firing_for,
        minSample: policy.min_sample,
        noData: policy.no_data,
        groupBy: policy.group_by,
        maxInstances: policy.max_instances,
        ruleId: policy.rule_id,
        labels: policy.labels,
        description:
          policy.description === undefined || policy.description === "" ? policy.id : policy.description,
        runbook: policy.runbook,
      }),
    );

const fileSchema = (intervalMs: number) =>
  z.strictObject(
    {
      version: fileVersion,
      policies: z
        .array(policySchema(intervalMs), "expected a list of policies")
        .max(MAX_POLICIES)
        .superRefine(refuseDoubleIds("policies"))
        .default([]),
      inhibitions: z
        .array(
          z.strictObject({
            source: z.array(matcher).min(1, "needs a matcher"),
            target: z.array(matcher).min(1, "needs a matcher"),
            equal: z.array(z.string()).default([]),
          }),
          "expected a list of inhibitions",
        )
        .default([]),
    },
    "expected a mapping with version, policies and inhibitions",
  );

/**
 * Policies from the text of their file.
 *
 * @param path                 as shown in messages
 * @param evaluationIntervalMs what one of `pending_evaluations` lasts
 * @throws {ConfigFileError} naming every mistake with its line; nothing of such a file is used
 */
export function parsePolicies(text: string, path: string, evaluationIntervalMs = 60_000): PolicyFile {
  return parseYamlFile(fileSchema(evaluationIntervalMs), { path, text, refusal: "policy_file_refused" });
}

/** A policy with the names of its file: what is stored beside every alert, and what the API shows. */
export function policySnapshot(policy: Policy): Record<string, unknown> {
  return {
    id: policy.id,
    enabled: policy.enabled,
    severity: policy.severity,
    source_name: policy.sourceName,
    data_source: policy.dataSource,
    window_days: policy.windowDays,
    metric_type: policy.metricType,
    operator: policy.operator,
    threshold: policy.threshold,
    resolve_threshold: policy.resolveThreshold,
    for: formatDuration(policy.forMs),
    keep_firing_for: formatDuration(policy.keepFiringForMs),
    min_sample: policy.minSample,
    no_data: policy.noData,
    group_by: policy.groupBy,
    max_instances: policy.maxInstances,
    rule_id: policy.ruleId,
    labels: policy.labels,
    description: policy.description,
    runbook: policy.runbook,
  };
}

function relaxes(operator: Operator, threshold: number, resolve: number): boolean {
  if (operator === ">" || operator === ">=") return resolve <= threshold;
  if (operator === "<" || operator === "<=") return resolve >= threshold;
  return false;
}
