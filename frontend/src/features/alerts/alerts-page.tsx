import { useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { PageHead } from "../../components/page-head.tsx";
import { RefreshButton } from "../../components/refresh-button.tsx";
import { UrlNotice } from "../../components/url-notice.tsx";
import { sharedParams } from "../../lib/url-state.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useUrlProblems } from "../../lib/use-url-problems.ts";
import { useActiveAlerts } from "./api/alerts.ts";
import { useLiveAlerts } from "./api/live.ts";
import { Alerts } from "./components/alerts.tsx";
import { alertParams } from "./params.ts";
import { inboxAnswer } from "./words.ts";

/** "Does anything need me now, who was told, and did it arrive?" */
export function AlertsPage() {
  const active = useActiveAlerts();
  const client = useQueryClient();
  const [params] = useQueryStates(alertParams);
  const problems = useUrlProblems({ ...sharedParams, ...alertParams });
  useLiveAlerts(active.isSuccess);
  useDocumentTitle("Notifications & Alerts", params.tab === "active" ? null : params.tab);
  return (
    <>
      <PageHead
        title="Notifications & Alerts"
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
