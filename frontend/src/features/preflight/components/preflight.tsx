import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import { RefreshButton } from "../../../components/refresh-button.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import { ApiError } from "../../../lib/api.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useSharedSearch } from "../../../lib/use-shared-search.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { useRun } from "../api/runs.ts";
import { preflightParams } from "../params.ts";
import { runAnswer } from "../verdict-words.ts";
import classes from "./preflight.module.css";
import { PreflightSkeleton } from "./preflight-skeleton.tsx";
import { QualityPanel } from "./quality-panel.tsx";
import { RunPanel } from "./run-panel.tsx";
import { TopRulesPanel } from "./top-rules-panel.tsx";
import { VerdictPanel } from "./verdict-panel.tsx";

const RunsPanel = lazy(() => import("./runs-panel.tsx"));

/** The verdict first, then what was found cell by cell, then how it went over time and every run there was. */
export function Preflight({ source }: { source: number | null }) {
  const [params, setParams] = useQueryStates(preflightParams);
  const client = useQueryClient();
  const search = useSharedSearch();
  const newest = useRun(source, null);
  const named = useRun(source, params.run, params.run !== null);
  const isUnknown = named.error instanceof ApiError && named.error.status === 404;
  const shown = params.run === null || isUnknown ? newest : named;

  const run = shown.data ?? undefined;
  const files = run?.records ?? [];
  const file =
    files.find((each) => each.source_name === params.file) ??
    files.find((each) => each.final_status === run?.final_status) ??
    files[0];
  const problems = useUrlProblems({ ...sharedParams, ...preflightParams }, [
    ...(isUnknown
      ? [{ names: ["run"], sentence: `There is no run ${params.run}; the newest is shown.` }]
      : []),
    ...(run && params.file !== null && !files.some((each) => each.source_name === params.file)
      ? [{ names: ["file"], sentence: "This run examined no such file; another one is shown." }]
      : []),
  ]);

  const nothingYet = newest.data === null;
  const isRefused = newest.error instanceof ApiError && [401, 403].includes(newest.error.status);
  return (
    <>
      <PageHead
        title="Preflight Diagnostics"
        answer={
          run ? (
            runAnswer(run)
          ) : nothingYet ? (
            "No file of this data source has been examined yet."
          ) : (
            <>&nbsp;</>
          )
        }
        actions={
          <RefreshButton
            isRefreshing={shown.isRefetching}
            onRefresh={() => void client.invalidateQueries({ queryKey: ["preflight"] })}
          />
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      {newest.isPending || (params.run !== null && named.isPending && !isUnknown) ? (
        <PreflightSkeleton />
      ) : nothingYet && run === undefined ? (
        <Panel title="Verdict">
          <EmptyState
            kind="no-data"
            title="Nothing has been examined yet"
            action={
              <Button component={Link} to={{ pathname: "/data-sources", search }} variant="default">
                Bring in files
              </Button>
            }
          >
            A load with the mode “report only” or “enforce” examines every file first: upload one on the page
            Data Sources, or run <code>npx rossmann etl --preflight-mode enforce</code>.
          </EmptyState>
        </Panel>
      ) : run === undefined ? (
        <Panel title="Verdict">
          <Failure
            what="The examined files"
            error={shown.error ?? new Error("no answer")}
            onRetry={() => void shown.refetch()}
          />
        </Panel>
      ) : (
        <div className={classes.panels}>
          <VerdictPanel
            run={run}
            isNewest={run.run_id === newest.data?.run_id}
            file={file?.source_name ?? null}
            onFile={(next) => void setParams({ file: next, check: null, column: null, line: null })}
            onNewest={() => void setParams({ run: null, file: null, check: null, column: null, line: null })}
          />
          {file ? (
            <RunPanel key={`${file.run_id} ${file.source_name}`} file={file} />
          ) : (
            <PanelSkeleton title="What was found" height={360} />
          )}
        </div>
      )}
      {!isRefused && !nothingYet && (
        <div className={classes.history}>
          <QualityPanel source={source} days={params.days} onDays={(days) => void setParams({ days })} />
          <TopRulesPanel
            source={source}
            days={params.days}
            onRule={(check) => void setParams({ check, column: null, line: null, tab: "findings" })}
          />
          <Suspense fallback={<PanelSkeleton className={classes.wide} title="Examined files" height={320} />}>
            <RunsPanel
              source={source}
              selected={file ?? null}
              onSelect={(next) =>
                void setParams({
                  run: next.run_id,
                  file: next.source_name,
                  check: null,
                  column: null,
                  line: null,
                })
              }
            />
          </Suspense>
        </div>
      )}
    </>
  );
}
