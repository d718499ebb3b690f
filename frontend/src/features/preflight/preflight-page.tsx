import { Failure } from "../../components/failure.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Panel } from "../../components/panel.tsx";
import { ApiError } from "../../lib/api.ts";
import { useSharedFilters } from "../../lib/shared-filters.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useSystemSummary } from "../common/api/system-summary.ts";
import { useSession } from "../session/api/session.ts";
import { Preflight } from "./components/preflight.tsx";
import { PreflightSkeleton } from "./components/preflight-skeleton.tsx";

const SCOPE = "diagnostics:read";

/** "Did the files keep their contract, and if not, which cell of which line broke it?" */
export function PreflightPage() {
  const { filters } = useSharedFilters();
  const summary = useSystemSummary(filters.source);
  const session = useSession();
  useDocumentTitle("Preflight Diagnostics", summary.data?.data_source.name ?? null);
  // Asked for nothing that is known to be refused.
  if (session.data && !session.data.scopes.includes(SCOPE))
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

/** What the server would say, without asking it. */
function refused(isSignedIn: boolean, name: string): ApiError {
  return isSignedIn
    ? new ApiError(`“${name}” has no right to read the diagnostics (${SCOPE}).`, 403, "scope_missing", null)
    : new ApiError(
        "The link that “rossmann up” printed signs this browser in; “npx rossmann keys link” prints a new one. A key does, too.",
        401,
        "key_required",
        null,
      );
}
