import { PageHead } from "../../components/page-head.tsx";
import { useSharedFilters } from "../../lib/shared-filters.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useSystemSummary } from "../common/api/system-summary.ts";
import { Preflight } from "./components/preflight.tsx";
import { PreflightSkeleton } from "./components/preflight-skeleton.tsx";

/** "Did the files keep their contract, and if not, which cell of which line broke it?" */
export function PreflightPage() {
  const { filters } = useSharedFilters();
  const summary = useSystemSummary(filters.source);
  useDocumentTitle("Preflight Diagnostics", summary.data?.data_source.name ?? null);
  if (summary.isPending)
    return (
      <>
        <PageHead title="Preflight Diagnostics" answer={<>&nbsp;</>} />
        <PreflightSkeleton />
      </>
    );
  // The diagnostics know runs of every source; the page speaks of the one that all pages speak of.
  return <Preflight source={summary.data?.data_source.id ?? filters.source} />;
}
