import { preflightSources } from "@rossmann/etl";
import { z } from "zod";
import { registryName } from "./contracts.ts";
import { findingSchema, semanticRuleSchema } from "./preflight-artifacts.ts";
import { sourceName, verdict } from "./preflight-runs.ts";

export const dryRunBodySchema = z.strictObject({
  run_id: registryName().describe("An earlier run whose file is examined again"),
  source_name: sourceName().default("train").describe("Which file of that run; default train"),
  profile: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, "must be the name of a profile of the contract")
    .optional()
    .describe("Profile of the contract; default the one that belongs to the file"),
});

export const dryRunSchema = z
  .object({
    contract_id: z.string(),
    version: z.string(),
    run_id: z.string(),
    source_name: z.enum(preflightSources),
    profile: z.string(),
    examined: z
      .enum(["delivered", "unified"])
      .describe(
        "delivered: the file itself. unified: it is gone or changed, and the rows that were accepted then were examined, lines being those of unified.csv",
      ),
    file_name: z.string(),
    file_sha256: z.string().nullable(),
    before: z
      .object({
        contract_id: z.string().nullable(),
        contract_version: z.string().nullable(),
        final_status: verdict(),
        blocked: z.boolean(),
      })
      .describe("What the run itself said then"),
    validation_status: verdict(),
    semantic_status: verdict(),
    final_status: verdict(),
    would_block: z.boolean().describe("In mode enforce this version would turn the file away"),
    rows_read: z.int(),
    rows_accepted: z.int(),
    rows_rejected: z.int(),
    checks: z.record(z.string(), z.string()),
    findings: z.array(findingSchema),
    rules: z.array(semanticRuleSchema),
    elapsed_ms: z.number(),
  })
  .meta({ id: "ContractDryRun" });

export type ContractDryRunBody = z.input<typeof dryRunBodySchema>;
export type ContractDryRun = z.output<typeof dryRunSchema>;
