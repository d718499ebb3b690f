import { type Verdict, worst } from "@rossmann/etl";
import { findPreflightRun, listPreflightRuns, type PreflightRunRow } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { runUnknown, seenBy } from "../examined-file.ts";
import {
  cursorAfter,
  latestQuerySchema,
  type PreflightRunDetail,
  preflightRunAnswer,
  preflightRunDetailSchema,
  preflightRunSchema,
  preflightRunsSchema,
  runIdParamsSchema,
  runsQuerySchema,
  sourceParamsSchema,
} from "../schemas/preflight-runs.ts";
import { responses } from "../schemas/responses.ts";

const common = {
  handlerTimeout: ANSWER_LIMIT_MS,
  config: { access: "diagnostics:read" as const, keepsToSources: true },
};
const tags = ["diagnostics"];

export function addPreflightRunRoutes(app: Api, { db }: Counter): void {
  app.get(
    "/diagnostics/preflight/runs",
    {
      ...common,
      schema: {
        summary: "Examined files, newest first",
        tags,
        querystring: runsQuerySchema,
        response: responses(preflightRunsSchema),
      },
    },
    async (request) => {
      const { limit, source_name, data_source_id, mode, final_status, cursor } = request.query;
      const rows = await listPreflightRuns(
        db,
        {
          ...seenBy(request),
          sourceName: source_name,
          dataSourceId: data_source_id,
          mode,
          finalStatus: final_status,
        },
        // One more than asked for tells whether there is a next page.
        { limit: limit + 1, after: cursor && placeOf(cursor) },
      );
      const page = rows.slice(0, limit);
      return {
        items: page.map(preflightRunAnswer),
        limit,
        source_name: source_name ?? null,
        data_source_id: data_source_id ?? null,
        mode: mode ?? null,
        final_status: final_status ?? null,
        next_cursor: rows.length > limit ? cursorAfter(page.at(-1)!) : null,
      };
    },
  );

  app.get(
    "/diagnostics/preflight/runs/:run_id",
    {
      ...common,
      schema: {
        summary: "One run with every file it examined",
        tags,
        params: runIdParamsSchema,
        response: responses(preflightRunDetailSchema, [404]),
      },
    },
    async (request) => {
      const { run_id } = request.params;
      const rows = await findPreflightRun(db, run_id, seenBy(request));
      if (rows.length === 0) throw runUnknown(run_id);
      return detailOf(rows);
    },
  );

  app.get(
    "/diagnostics/preflight/latest",
    {
      ...common,
      schema: {
        summary: "The newest run",
        tags,
        querystring: latestQuerySchema,
        response: responses(preflightRunDetailSchema, [404]),
      },
    },
    async (request) => {
      const filter = { ...seenBy(request), dataSourceId: request.query.data_source_id };
      const [newest] = await listPreflightRuns(db, filter, { limit: 1 });
      if (newest === undefined) throw nothingExamined();
      return detailOf(await findPreflightRun(db, newest.run_id, filter));
    },
  );

  app.get(
    "/diagnostics/preflight/latest/:source_name",
    {
      ...common,
      schema: {
        summary: "The newest examined file of one kind",
        tags,
        params: sourceParamsSchema,
        querystring: latestQuerySchema,
        response: responses(preflightRunSchema, [404]),
      },
    },
    async (request) => {
      const { source_name } = request.params;
      const filter = {
        ...seenBy(request),
        dataSourceId: request.query.data_source_id,
        sourceName: source_name,
      };
      const [newest] = await listPreflightRuns(db, filter, { limit: 1 });
      if (newest === undefined) throw nothingExamined(source_name);
      return preflightRunAnswer(newest);
    },
  );
}

function nothingExamined(sourceName?: string): HttpRefusal {
  return new HttpRefusal(
    404,
    "preflight_run_unknown",
    `no ${sourceName === undefined ? "file" : `${sourceName} file`} has been examined here yet; load one with preflight mode report_only or enforce`,
  );
}

const placeOf = ([created_at, run_id, source_name]: readonly [string, string, string]) => ({
  created_at,
  run_id,
  source_name,
});

/** @param rows not empty, by source name */
function detailOf(rows: PreflightRunRow[]): PreflightRunDetail {
  const records = rows.map(preflightRunAnswer);
  const [first] = records;
  return {
    run_id: first!.run_id,
    created_at: first!.created_at,
    mode: first!.mode,
    final_status: worst(rows.map((row) => row.final_status as Verdict)),
    blocked: rows.some((row) => row.blocked),
    records,
  };
}
