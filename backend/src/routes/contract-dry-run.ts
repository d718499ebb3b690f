import { dryRunPreflight, loadContract, type PreflightOutcome } from "@rossmann/etl";
import type { PreflightRunRow } from "@rossmann/warehouse";
import type { Api, Counter } from "../api.ts";
import { askContracts } from "../contract-registry.ts";
import { earlierFile } from "../earlier-files.ts";
import { HttpRefusal } from "../errors.ts";
import { examinedFile, seenBy } from "../examined-file.ts";
import { contractVersionParamsSchema } from "../schemas/contracts.ts";
import { type ContractDryRun, dryRunBodySchema, dryRunSchema } from "../schemas/dry-run.ts";
import { responses } from "../schemas/responses.ts";

/** Ten million rows take half a minute; a connection on which nothing moves for a minute is closed. */
const LIMIT_MS = 55_000;

export function addContractDryRunRoute(app: Api, { db, settings, effects }: Counter): void {
  let isBusy = false;
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
      const { path: file, sha256, related } = await earlierFile(db, run);
      // Each takes all cores and the memory that is meant for one.
      if (isBusy)
        throw new HttpRefusal(
          503,
          "dry_run_busy",
          "another dry run is under way; try again when it has ended",
        );
      isBusy = true;
      try {
        const { source_name: source, profile } = request.body;
        const outcome = await dryRunPreflight({ source, file, sha256, contract, profile, related, effects });
        return dryRunAnswer(contract_id, run, outcome);
      } finally {
        isBusy = false;
      }
    },
  );
}

function dryRunAnswer(contractId: string, run: PreflightRunRow, outcome: PreflightOutcome): ContractDryRun {
  return {
    contract_id: contractId,
    version: outcome.contractVersion!,
    run_id: run.run_id,
    source_name: outcome.source,
    profile: outcome.profile!,
    file_name: outcome.file!.name,
    file_sha256: outcome.file!.sha256 ?? "",
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
