import { EmptyState } from "../../components/empty-state.tsx";
import { Failure } from "../../components/failure.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Panel } from "../../components/panel.tsx";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useDataSources } from "../common/api/data-sources.ts";
import { DataSources } from "./components/data-sources.tsx";
import { DataSourcesSkeleton } from "./components/data-sources-skeleton.tsx";

/** "Whose files are here, how fresh are they, and how do new ones come in?" */
export function DataSourcesPage() {
  const list = useDataSources();
  if (list.data && list.data.length > 0)
    return <DataSources list={list.data} isRefreshing={list.isRefetching} />;
  return (
    <Waiting>
      {list.isPending && <DataSourcesSkeleton />}
      {list.isError && (
        <Panel title="Data sources">
          <Failure what="The data sources" error={list.error} onRetry={() => void list.refetch()} />
        </Panel>
      )}
      {list.data && (
        <Panel title="Data sources">
          <EmptyState kind="no-permission" title="No data source that you may see">
            Your key is bound to data sources that are no longer there. Ask whoever made the key.
          </EmptyState>
        </Panel>
      )}
    </Waiting>
  );
}

function Waiting({ children }: { children: React.ReactNode }) {
  useDocumentTitle("Data Sources");
  return (
    <>
      <PageHead title="Data Sources" answer={<>&nbsp;</>} />
      {children}
    </>
  );
}
