import {
  dryRunPreflight,
  type LoadedContract,
  loadContract,
  PreflightError,
  type PreflightOutcome,
} from "@rossmann/etl";
import type { PreflightRunRow } from "@rossmann/warehouse";
import type { z } from "zod";
import type { Api, Counter } from "../api.ts";
import { askContracts } from "../contract-registry.ts";
import { deliveredFile, type EarlierFile, unifiedFile } from "../earlier-files.ts";
import { HttpRefusal } from "../errors.ts";
import { examinedFile, seenBy } from "../examined-file.ts";
import { contractVersionParamsSchema } from "../schemas/contracts.ts";
import { type ContractDryRun, dryRunBodySchema, dryRunSchema } from "../schemas/dry-run.ts";
import { responses } from "../schemas/responses.ts";

/** Ten million rows take half a minute; a connection on which nothing moves for a minute is closed. */
const LIMIT_MS = 55_000;

export function addContractDryRunRoute(app: Api, { db, settings, effects }: Counter): void {
  let isBusy = false;

  function examineAgain(
    { source_name: source, profile }: z.output<typeof dryRunBodySchema>,
    { path: file, sha256, related }: EarlierFile,
    contract: LoadedContract,
  ): Promise<PreflightOutcome> {
    return dryRunPreflight({ source, file, sha256, contract, profile, related, effects });
  }

  app.post(
    "/contracts/:contract_id/versions/:version/dry-run",
    {
      handlerTimeout: LIMIT_MS,
      config: { access: "data:write", keepsToSources: true },
      schema: {
        summary: "Examine the file of an earlier run against this version; nothing is kept",
        tags: ["contracts"],
        params: contractVersionParamsSchema,
        body: dryRunBodySchema,
        response: responses(dryRunSchema, [403, 404, 409]),
      },
    },
    async (request) => {
      const { contract_id, version } = request.params;
      const contract = await askContracts(settings, (registry) =>
        loadContract(contract_id, version, { registryPath: registry.path }),
      );
      const run = await examinedFile(db, request.body, seenBy(request));
      // Each takes all cores and the memory that is meant for one.
      if (isBusy)
        throw new HttpRefusal(
          503,
          "dry_run_busy",
          "another dry run is under way; try again when it has ended",
        );
      isBusy = true;
      try {
        const again = (earlier: EarlierFile) => examineAgain(request.body, earlier, contract);
        const delivered = await deliveredFile(db, run);
        try {
          if (delivered === null) throw fileUnknown(run);
          return dryRunAnswer(contract_id, run, "delivered", await again(delivered));
        } catch (error) {
          if (!isGone(error)) throw error;
          const unified = await unifiedFile(db, settings, run);
          if (unified === null) throw error;
          return dryRunAnswer(contract_id, run, "unified", await again(unified));
        }
      } finally {
        isBusy = false;
      }
    },
  );
}

/** The file itself is not there any more as it was. */
function isGone(error: unknown): boolean {
  const code = error instanceof PreflightError || error instanceof HttpRefusal ? error.code : "";
  return ["preflight_file_gone", "preflight_file_changed", "earlier_file_unknown"].includes(code);
}

function fileUnknown(run: PreflightRunRow): HttpRefusal {
  return new HttpRefusal(
    409,
    "earlier_file_unknown",
    `run ${run.run_id} does not tell which ${run.source_name} file it read to its end; choose a run that loaded one`,
  );
}

function dryRunAnswer(
  contractId: string,
  run: PreflightRunRow,
  examined: ContractDryRun["examined"],
  outcome: PreflightOutcome,
): ContractDryRun {
  return {
    contract_id: contractId,
    version: outcome.contractVersion!,
    run_id: run.run_id,
    source_name: outcome.source,
    profile: outcome.profile!,
    examined,
    file_name: outcome.file!.name,
    file_sha256: outcome.file!.sha256,
    before: {
      contract_id: run.contract_id,
      contract_version: run.contract_version,
      final_status: run.final_status as ContractDryRun["final_status"],
      blocked: run.blocked,
    },
    validation_status: outcome.validationStatus,
    semantic_status: outcome.semanticStatus,
    final_status: outcome.finalStatus,
    would_block: outcome.blocked,
    rows_read: outcome.rowsRead,
    rows_accepted: outcome.rowsAccepted,
    rows_rejected: outcome.rowsRejected,
    checks: outcome.validation!.checks,
    findings: outcome.findings,
    rules: outcome.rules,
    elapsed_ms: outcome.elapsedMs,
  };
}
