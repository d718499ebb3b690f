import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { PageHead } from "../../../components/page-head.tsx";
import { RefreshButton } from "../../../components/refresh-button.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import type { DataSourceItem } from "../../../lib/api-types.ts";
import { useSharedFilters } from "../../../lib/shared-filters.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { useSession } from "../../session/api/session.ts";
import { forgetSources } from "../api/changes.ts";
import { sourcesAnswer } from "../sources-answer.ts";
import classes from "./data-sources.module.css";
import { LoadsPanel } from "./loads-panel.tsx";
import { SourceCards } from "./source-cards.tsx";
import { UploadPanel } from "./upload-panel.tsx";

const SourceDialog = lazy(() => import("./source-dialog.tsx"));

interface DataSourcesProps {
  /** at least one */
  list: readonly DataSourceItem[];
  isRefreshing: boolean;
}

/** The clients as cards; the chosen one with its way in for files and its history. */
export function DataSources({ list, isRefreshing }: DataSourcesProps) {
  const { filters, setFilters } = useSharedFilters();
  const client = useQueryClient();
  const session = useSession();
  const [edited, setEdited] = useState<DataSourceItem | "new" | null>(null);
  const shown =
    list.find((source) => source.id === filters.source) ??
    list.find((source) => source.is_default) ??
    (list[0] as DataSourceItem);
  const canChange = session.data === undefined || session.data.scopes.includes("data:write");
  const problems = useUrlProblems(
    sharedParams,
    filters.source !== null && shown.id !== filters.source
      ? [
          {
            names: ["source"],
            sentence: `There is no data source ${filters.source}; ${shown.name} is shown.`,
          },
        ]
      : [],
  );
  useDocumentTitle("Data Sources", shown.name);
  return (
    <>
      <PageHead
        title="Data Sources"
        answer={sourcesAnswer(list, shown)}
        actions={
          <>
            <RefreshButton isRefreshing={isRefreshing} onRefresh={() => void forgetSources(client)} />
            <Button
              leftSection={<IconPlus size={18} stroke={1.6} />}
              disabled={!canChange}
              onClick={() => setEdited("new")}
            >
              New data source
            </Button>
          </>
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <SourceCards
        list={list}
        shown={shown}
        canChange={canChange}
        onChoose={(source) => void setFilters({ source: source.id, store: null, from: null, to: null })}
        onEdit={setEdited}
      />
      <div key={shown.id} className={classes.panels}>
        <UploadPanel source={shown} canChange={canChange} />
        <LoadsPanel source={shown.id} />
      </div>
      <Suspense fallback={null}>
        {edited !== null && (
          <SourceDialog
            source={edited === "new" ? null : edited}
            onSaved={(source) => void setFilters({ source: source.id, store: null, from: null, to: null })}
            onDeleted={() => {
              setEdited(null);
              void setFilters({ source: null });
            }}
            onClose={() => setEdited(null)}
          />
        )}
      </Suspense>
    </>
  );
}
