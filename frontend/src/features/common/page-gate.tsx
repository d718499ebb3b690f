import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { EmptyState } from "../../components/empty-state.tsx";
import { Failure } from "../../components/failure.tsx";
import { PageHead } from "../../components/page-head.tsx";
import type { SystemSummary } from "../../lib/api-types.ts";
import type { Period } from "../../lib/period.ts";
import { dataPeriod, useSharedFilters } from "../../lib/shared-filters.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useSharedSearch } from "../../lib/use-shared-search.ts";
import { useSystemSummary } from "./api/system-summary.ts";

interface PageGateProps {
  title: string;
  /** The page's shape while it is not known what the data covers. */
  skeleton: ReactNode;
  children: (data: Period, summary: SystemSummary) => ReactNode;
}

/** Opens a page once it is known which days the data covers; draws the waiting, the failure and the empty warehouse. */
export function PageGate({ title, skeleton, children }: PageGateProps) {
  const { filters, setFilters } = useSharedFilters();
  const summary = useSystemSummary(filters.source);
  const search = useSharedSearch();
  const data = dataPeriod(summary.data);
  if (summary.data && data) return children(data, summary.data);
  return (
    <Waiting title={title}>
      {summary.isPending && skeleton}
      {summary.isError && (
        <Failure
          level="panel"
          what={title}
          error={summary.error}
          onRetry={() => {
            // The address may name a data source that there is not; trying again then means the default one.
            if (filters.source !== null) void setFilters({ source: null });
            void summary.refetch();
          }}
        />
      )}
      {summary.data && (
        <EmptyState
          kind="no-data"
          title="No sales are loaded yet"
          action={
            <>
              <Button component={Link} to={{ pathname: "/data-sources", search }} mr={8}>
                Bring in files
              </Button>
              <Button variant="default" onClick={() => void summary.refetch()}>
                Look again
              </Button>
            </>
          }
        >
          Drop <code>train.csv</code> and <code>store.csv</code> on the page Data Sources, or put them into{" "}
          <code>data/</code> and run <code>npx rossmann etl</code>. This page fills itself when the load has
          finished.
        </EmptyState>
      )}
    </Waiting>
  );
}

function Waiting({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(title);
  return (
    <>
      <PageHead title={title} answer={<>&nbsp;</>} />
      {children}
    </>
  );
}
