import type { ArtifactType } from "@rossmann/etl";
import type { PreflightRunRow } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { examinedFile, notAvailable, seenBy } from "../examined-file.ts";
import { artifactRoot, findArtifact, readReport } from "../preflight-artifacts.ts";
import { manifestReport, semanticReport, validationReport } from "../preflight-reports.ts";
import { manifestSchema, semanticSchema, validationSchema } from "../schemas/preflight-artifacts.ts";
import { runSourceParamsSchema } from "../schemas/preflight-runs.ts";
import { responses } from "../schemas/responses.ts";

const common = {
  handlerTimeout: ANSWER_LIMIT_MS,
  config: { access: "diagnostics:read" as const, keepsToSources: true },
};
const tags = ["diagnostics"];
const SOURCE = "/diagnostics/preflight/runs/:run_id/sources/:source_name";

/** Where what the rules said may stand: a report of its own, or inside another. */
const SEMANTIC_PLACES: { type: ArtifactType; part: string | null }[] = [
  { type: "semantic", part: null },
  { type: "manifest", part: "semantic_quality" },
  { type: "preflight", part: "semantic" },
];

export function addPreflightReportRoutes(app: Api, { db, settings }: Counter): void {
  /** A report and where it was read; null when the run has none. */
  async function reportOf(run: PreflightRunRow, type: ArtifactType) {
    const artifact = await findArtifact(artifactRoot(settings), run, type);
    return artifact && { content: await readReport(artifact), artifact_path: artifact.label };
  }

  app.get(
    `${SOURCE}/validation`,
    {
      ...common,
      schema: {
        summary: "What was found in file, header, rows and cells, with the first places of each finding",
        tags,
        params: runSourceParamsSchema,
        response: responses(validationSchema, [400, 403, 404]),
      },
    },
    async (request) => {
      const run = await examinedFile(db, request.params, seenBy(request));
      const report = await reportOf(run, "validation");
      if (report === null) throw notAvailable(run, "validation");
      const { artifact_path } = report;
      return { ...request.params, ...validationReport.parse(report.content), artifact_path };
    },
  );

  app.get(
    `${SOURCE}/semantic`,
    {
      ...common,
      schema: {
        summary: "What each rule of the contract said",
        tags,
        params: runSourceParamsSchema,
        response: responses(semanticSchema, [400, 403, 404]),
      },
    },
    async (request) => {
      const run = await examinedFile(db, request.params, seenBy(request));
      for (const { type, part } of SEMANTIC_PLACES) {
        const report = await reportOf(run, type);
        const content = part === null ? report?.content : report?.content[part];
        if (report === null || typeof content !== "object" || content === null) continue;
        const { artifact_path } = report;
        return { ...request.params, ...semanticReport.parse(content), artifact_path };
      }
      throw notAvailable(run, "semantic");
    },
  );

  app.get(
    `${SOURCE}/manifest`,
    {
      ...common,
      schema: {
        summary: "What the unified table is made of: renamed columns, coercions with counts",
        tags,
        params: runSourceParamsSchema,
        response: responses(manifestSchema, [400, 403, 404]),
      },
    },
    async (request) => {
      const run = await examinedFile(db, request.params, seenBy(request));
      const report = await reportOf(run, "manifest");
      if (report === null) throw notAvailable(run, "manifest");
      const { artifact_path } = report;
      return { ...request.params, ...manifestReport.parse(report.content), artifact_path };
    },
  );
}
