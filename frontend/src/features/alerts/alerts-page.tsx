import { useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { Failure } from "../../components/failure.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Panel } from "../../components/panel.tsx";
import { RefreshButton } from "../../components/refresh-button.tsx";
import { UrlNotice } from "../../components/url-notice.tsx";
import { sharedParams } from "../../lib/url-state.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useUrlProblems } from "../../lib/use-url-problems.ts";
import { useSession } from "../session/api/session.ts";
import { DIAGNOSTICS, refused } from "../session/refused.ts";
import { useActiveAlerts } from "./api/alerts.ts";
import { useLiveAlerts } from "./api/live.ts";
import { Alerts } from "./components/alerts.tsx";
import { alertParams } from "./params.ts";
import { inboxAnswer } from "./words.ts";

const TITLE = "Notifications & Alerts";

/** "Does anything need me now, who was told, and did it arrive?" */
export function AlertsPage() {
  const session = useSession();
  const [params] = useQueryStates(alertParams);
  useDocumentTitle(TITLE, params.tab === "active" ? null : params.tab);
  // Asked for nothing that is known to be refused.
  if (session.data && !session.data.scopes.includes(DIAGNOSTICS))
    return (
      <>
        <PageHead title={TITLE} answer="Alerts are shown to whoever has a key for the diagnostics." />
        <Panel title="What asks for somebody now">
          <Failure
            what="The alerts"
            error={refused(session.data.signed_in, session.data.name)}
            onRetry={() => void session.refetch()}
          />
        </Panel>
      </>
    );
  if (session.isPending) return <PageHead title={TITLE} answer={<>&nbsp;</>} />;
  return <Inbox />;
}

function Inbox() {
  const active = useActiveAlerts();
  const client = useQueryClient();
  const problems = useUrlProblems({ ...sharedParams, ...alertParams });
  useLiveAlerts(active.isSuccess);
  return (
    <>
      <PageHead
        title={TITLE}
        answer={active.data ? inboxAnswer(active.data) : <>&nbsp;</>}
        actions={
          <RefreshButton
            isRefreshing={active.isRefetching}
            onRefresh={() => void client.invalidateQueries({ queryKey: ["alerts"] })}
          />
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <Alerts active={active} />
    </>
  );
}
