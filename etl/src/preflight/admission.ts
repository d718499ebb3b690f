import { type Effects, systemEffects } from "@rossmann/core";
import { type DataSource, type Db, recordPreflightRun } from "@rossmann/warehouse";
import type { DeliveredFiles } from "../ingest.ts";
import { PreflightError } from "./errors.ts";
import {
  ARTIFACT_FILES,
  outcomeSummary,
  type PreflightOutcome,
  type PreflightSource,
  ruleOutcomes,
} from "./outcome.ts";
import type { PreflightOptions } from "./preflight-options.ts";
import { runPreflight } from "./run-preflight.ts";

/**
 * The examination at the door of a load, for {@link ingest}'s `admit`: every file of the delivery is examined and its outcome
 * recorded; in mode enforce a delivery with a FAIL is turned away, and otherwise the unified files are loaded.
 *
 * @param onOutcome told of each outcome, in the order train, store, future
 * @returns gives back the files to read; throws {PreflightError} `preflight_blocked` to turn the delivery away
 */
export function preflightAdmission(
  db: Db,
  dataSource: DataSource,
  options: PreflightOptions,
  effects: Effects = systemEffects(),
  onOutcome: (outcome: PreflightOutcome) => void = () => {},
): (files: DeliveredFiles, runId: string) => Promise<DeliveredFiles> {
  return async (files, runId) => {
    if (options.mode === "off") return files;
    const contract = await options.loadContract();
    const delivered = Object.entries(files).filter(
      (entry): entry is [PreflightSource, string] => entry[1] !== null,
    );
    const related = Object.fromEntries(delivered.map(([source, file]) => [options.profiles[source], file]));
    const outcomes: PreflightOutcome[] = [];
    // One after the other: each takes all cores and the memory that is meant for one.
    for (const [source, file] of delivered) {
      const outcome = await runPreflight({
        source,
        file,
        contract,
        profile: options.profiles[source],
        mode: options.mode,
        artifactRoot: options.artifactRoot,
        runId,
        related,
        effects,
      });
      await recordOutcome(db, dataSource.id, outcome);
      onOutcome(outcome);
      outcomes.push(outcome);
    }
    const blocked = outcomes.filter((outcome) => outcome.blocked);
    if (blocked.length > 0)
      throw new PreflightError("preflight_blocked", "invalid", blockedMessage(blocked, runId));
    return { ...files, ...Object.fromEntries(outcomes.map((outcome) => [outcome.source, outcome.loadPath])) };
  };
}

/** Keep an outcome in the registry of preflight runs. Paths are kept as they are seen from the artifact root. */
export async function recordOutcome(
  db: Db,
  dataSourceId: number | null,
  outcome: PreflightOutcome,
): Promise<void> {
  const folder = outcome.artifactDir === null ? null : `${outcome.runId}/${outcome.source}`;
  const place = (type: keyof typeof ARTIFACT_FILES) =>
    folder === null || outcome.artifacts[type] === undefined ? null : `${folder}/${ARTIFACT_FILES[type]}`;
  await recordPreflightRun(
    db,
    {
      run_id: outcome.runId,
      source_name: outcome.source,
      created_at: outcome.createdAt,
      mode: outcome.mode,
      validation_status: outcome.validationStatus,
      semantic_status: outcome.semanticStatus,
      final_status: outcome.finalStatus,
      used_input_path: (outcome.usedUnified ? place("unified_csv") : outcome.file?.name) ?? outcome.source,
      used_unified: outcome.usedUnified,
      artifact_dir: folder,
      validation_report_path: place("validation"),
      manifest_path: place("manifest"),
      summary_json: outcomeSummary(outcome),
      blocked: outcome.blocked,
      block_reason: outcome.blockReason,
      data_source_id: dataSourceId,
      contract_id: outcome.contractId,
      contract_version: outcome.contractVersion,
    },
    ruleOutcomes(outcome),
  );
}

const MESSAGES = 3;

function blockedMessage(blocked: PreflightOutcome[], runId: string): string {
  const files = blocked.map((outcome) => {
    const reasons = [
      ...outcome.findings.filter((finding) => finding.severity === "FAIL").map((finding) => finding.message),
      ...outcome.rules
        .filter((rule) => rule.status === "ERROR")
        .map((rule) => `${rule.rule_id}: ${rule.message}`),
    ];
    const more = reasons.length > MESSAGES ? `; and ${reasons.length - MESSAGES} more` : "";
    return `${outcome.source} (${outcome.file?.name}): ${reasons.slice(0, MESSAGES).join("; ")}${more}`;
  });
  return `Preflight blocked ETL, nothing was loaded. ${files.join(". ")}. The validation_report.json and semantic_report.json of run ${runId} name every place`;
}
