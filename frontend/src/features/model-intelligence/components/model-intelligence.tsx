import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { RefreshButton } from "../../../components/refresh-button.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import type { SystemSummary } from "../../../lib/api-types.ts";
import { modelName } from "../../../lib/model-name.ts";
import { useSharedFilters } from "../../../lib/shared-filters.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { forgetModels, type RegistryChange } from "../api/changes.ts";
import { useMetadata, useVersions } from "../api/models.ts";
import { isRunning, useBacktest, useTrainings } from "../api/trainings.ts";
import { leaderboard } from "../leaderboard.ts";
import { modelParams } from "../params.ts";
import { servingAnswer } from "../serving-answer.ts";
import { useFinishedTraining } from "../use-finished-training.ts";
import { CalibrationPanel } from "./calibration-panel.tsx";
import { CandidatesPanel } from "./candidates-panel.tsx";
import { ChangeDialog } from "./change-dialog.tsx";
import { ErrorsPanel } from "./errors-panel.tsx";
import { ImportancePanel } from "./importance-panel.tsx";
import { LeaderboardPanel } from "./leaderboard-panel.tsx";
import classes from "./model-intelligence.module.css";
import { ModelsSkeleton } from "./models-skeleton.tsx";
import { RegistryPanel } from "./registry-panel.tsx";
import { RunsPanel } from "./runs-panel.tsx";
import { ServingCards } from "./serving-cards.tsx";
import { TrainDialog } from "./train-dialog.tsx";
import { FinishedTraining, RunningTraining } from "./training-notices.tsx";

/** What serves, how good it is, what else there is, and the three things that can be done about it. */
export function ModelIntelligence({ summary }: { summary: SystemSummary }) {
  const { filters } = useSharedFilters();
  const { source } = filters;
  const [params, setParams] = useQueryStates(modelParams);
  const client = useQueryClient();
  const [isTraining, setTraining] = useState(false);
  const [change, setChange] = useState<RegistryChange | null>(null);

  const versions = useVersions(source);
  const runs = useTrainings(source);
  const items = runs.data?.items ?? [];
  const champion = versions.data?.find((version) => version.aliases.includes("champion")) ?? null;
  // A model that came from elsewhere has no backtest to rank.
  const lastDone = items.find((item) => item.status === "COMPLETED" && item.profile !== "imported") ?? null;
  const evidence = useBacktest(champion?.experiment_id ?? null);
  const last = useBacktest(lastDone?.experiment_id ?? null);
  const metadata = useMetadata(source, champion !== null);
  const running = items.find(isRunning) ?? null;
  const finished = useFinishedTraining(items, () => void forgetModels(client));

  const unknown = [params.run, params.with].filter(
    (id) => id !== null && runs.data !== undefined && !items.some((item) => item.experiment_id === id),
  );
  const problems = useUrlProblems(
    { ...sharedParams, ...modelParams },
    unknown.map((id) => ({
      names: id === params.run ? ["run"] : ["with"],
      sentence: `There is no training ${id} among the last ones; the newest is shown.`,
    })),
  );
  useDocumentTitle("Model Intelligence", champion === null ? null : `Version ${champion.version}`);

  const scores = leaderboard(evidence.data?.rows ?? []);
  const hasVersions = (versions.data?.length ?? 0) > 0;
  const isPending = versions.isPending || runs.isPending;
  return (
    <>
      <PageHead
        title="Model Intelligence"
        answer={isPending || versions.data === undefined ? <>&nbsp;</> : servingAnswer(champion, scores)}
        actions={
          <>
            <RefreshButton
              isRefreshing={versions.isRefetching || metadata.isRefetching}
              onRefresh={() => void client.invalidateQueries({ queryKey: ["models"] })}
            />
            <Button
              leftSection={<IconPlayerPlay size={18} stroke={1.6} />}
              disabled={running !== null}
              onClick={() => setTraining(true)}
            >
              {running === null ? "Train a model" : "Training runs"}
            </Button>
          </>
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      {running && <RunningTraining item={running} />}
      {finished.item && (
        <FinishedTraining item={finished.item} champion={champion} onClose={finished.forget} />
      )}
      {isPending && !versions.isError && !runs.isError ? (
        <ModelsSkeleton />
      ) : versions.data === undefined && versions.error ? (
        <Panel title="What serves">
          <Failure what="The models" error={versions.error} onRetry={() => void versions.refetch()} />
        </Panel>
      ) : (
        <>
          {champion === null ? (
            <div className={classes.alone}>
              <Panel title="What serves">
                <EmptyState
                  kind="not-computed"
                  title="No model serves yet"
                  action={
                    running === null && (
                      <Button variant="default" onClick={() => setTraining(true)}>
                        Train a model
                      </Button>
                    )
                  }
                >
                  {hasVersions
                    ? "Promote one of the versions below, or train a new one."
                    : "A training tries several models on days they have not seen and lets the best one serve."}
                </EmptyState>
              </Panel>
            </div>
          ) : (
            <ServingCards
              champion={champion}
              score={scores.find((score) => score.model === champion.model_type)}
              naive={scores.find((score) => score.model === "seasonal_naive")}
              isPending={evidence.isPending}
            />
          )}
          <div className={classes.panels}>
            {lastDone && (
              <LeaderboardPanel
                className={classes.wide}
                training={lastDone}
                backtest={last}
                champion={champion}
                view={params.scores}
                onView={(scores) => void setParams({ scores })}
              />
            )}
            {champion && (
              <>
                <ErrorsPanel
                  backtest={evidence}
                  model={champion.model_type}
                  farModel={metadata.data?.horizon_parts.at(-1)?.model ?? champion.model_type}
                  by={params.by}
                  onBy={(by) => void setParams({ by })}
                />
                <CalibrationPanel backtest={evidence} model={champion.model_type} />
                <CandidatesPanel metadata={metadata} />
                <ImportancePanel metadata={metadata} model={modelName(champion.model_type)} />
              </>
            )}
            {hasVersions && (
              <RegistryPanel
                className={classes.wide}
                versions={versions.data ?? []}
                isRefreshing={versions.isRefetching}
                onChange={setChange}
              />
            )}
            {(hasVersions || items.length > 0 || runs.isError) && (
              <RunsPanel
                className={classes.wide}
                runs={runs}
                selected={params.run}
                compared={params.with}
                sort={params.runs}
                onSelect={(run) => void setParams({ run, with: params.with === run ? null : params.with })}
                onCompare={(other) => void setParams({ with: other })}
                onSort={(sort) => void setParams({ runs: sort })}
              />
            )}
          </div>
        </>
      )}
      {isTraining && (
        <TrainDialog
          source={source}
          sourceName={summary.data_source.name}
          past={items}
          onClose={() => setTraining(false)}
        />
      )}
      {change && (
        <ChangeDialog
          source={source}
          change={change}
          versions={versions.data ?? []}
          onClose={() => setChange(null)}
        />
      )}
    </>
  );
}
