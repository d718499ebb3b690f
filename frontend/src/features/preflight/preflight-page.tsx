import { Failure } from "../../components/failure.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Panel } from "../../components/panel.tsx";
import { useSharedFilters } from "../../lib/shared-filters.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useSystemSummary } from "../common/api/system-summary.ts";
import { useSession } from "../session/api/session.ts";
import { DIAGNOSTICS, refused } from "../session/refused.ts";
import { Preflight } from "./components/preflight.tsx";
import { PreflightSkeleton } from "./components/preflight-skeleton.tsx";

/** "Did the files keep their contract, and if not, which cell of which line broke it?" */
export function PreflightPage() {
  const { filters } = useSharedFilters();
  const summary = useSystemSummary(filters.source);
  const session = useSession();
  useDocumentTitle("Preflight Diagnostics", summary.data?.data_source.name ?? null);
  // Asked for nothing that is known to be refused.
  if (session.data && !session.data.scopes.includes(DIAGNOSTICS))
    return (
      <>
        <PageHead
          title="Preflight Diagnostics"
          answer="What was found in delivered files is shown to whoever has a key for the diagnostics."
        />
        <Panel title="Verdict">
          <Failure
            what="The examined files"
            error={refused(session.data.signed_in, session.data.name)}
            onRetry={() => void session.refetch()}
          />
        </Panel>
      </>
    );
  if (summary.isPending || session.isPending)
    return (
      <>
        <PageHead title="Preflight Diagnostics" answer={<>&nbsp;</>} />
        <PreflightSkeleton hasHistory />
      </>
    );
  // The diagnostics know runs of every source; the page speaks of the one that all pages speak of.
  return <Preflight source={summary.data?.data_source.id ?? filters.source} />;
}
