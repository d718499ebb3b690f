import { Button } from "@mantine/core";
import { IconFileSearch } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { lazy, Suspense, useState } from "react";
import { Failure } from "../../../components/failure.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { Panel } from "../../../components/panel.tsx";
import { PanelSkeleton } from "../../../components/panel-skeleton.tsx";
import { RefreshButton } from "../../../components/refresh-button.tsx";
import { UrlNotice } from "../../../components/url-notice.tsx";
import type { ContractSummary } from "../../../lib/api-types.ts";
import { sharedParams } from "../../../lib/url-state.ts";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useUrlProblems } from "../../../lib/use-url-problems.ts";
import { useContract, useContractVersion } from "../api/contracts.ts";
import { contractAnswer } from "../contract-answer.ts";
import { contractParams } from "../params.ts";
import { ChangesPanel } from "./changes-panel.tsx";
import { ContractDocument } from "./contract-document.tsx";
import classes from "./contracts.module.css";
import { VersionList } from "./version-list.tsx";

const DryRunDialog = lazy(() => import("./dry-run-dialog.tsx"));
const ExportMenu = lazy(() => import("./export-menu.tsx"));

/** Versions on the left, the chosen one as a document, and what changed since another one. */
export function Contracts({ list }: { list: readonly ContractSummary[] }) {
  const [params, setParams] = useQueryStates(contractParams);
  const [isTrying, setTrying] = useState(false);
  const client = useQueryClient();

  const shown = list.find((each) => each.id === params.contract) ?? list[0];
  const id = shown?.id ?? null;
  const detail = useContract(id);
  const versions = detail.data?.versions ?? [];
  const newest = shown?.latest_version ?? null;
  const isKnown = (version: string | null) => versions.some((each) => each.version === version);
  const chosen = isKnown(params.version) ? params.version : newest;
  const against = isKnown(params.against) && params.against !== chosen ? params.against : null;
  const version = useContractVersion(id, chosen);
  const profiles = Object.keys(version.data?.profiles ?? {});

  const missing = (name: "contract" | "version" | "against" | "file", sentence: string) => ({
    names: [name],
    sentence,
  });
  const problems = useUrlProblems({ ...sharedParams, ...contractParams }, [
    ...(params.contract !== null && params.contract !== id
      ? [missing("contract", `There is no contract ${params.contract}; ${shown?.name} is shown.`)]
      : []),
    ...(detail.data
      ? (["version", "against"] as const)
          .filter((name) => params[name] !== null && !isKnown(params[name]))
          .map((name) => missing(name, `${shown?.name} has no version ${params[name]}.`))
      : []),
    ...(version.data && params.file !== null && !profiles.includes(params.file)
      ? [missing("file", `Version ${chosen} has no file “${params.file}”.`)]
      : []),
  ]);
  useDocumentTitle("Contracts", shown ? `${shown.name} ${chosen ?? ""}` : null);

  return (
    <>
      <PageHead
        title="Contracts"
        answer={version.data && shown ? contractAnswer(shown.name, version.data) : <>&nbsp;</>}
        actions={
          <>
            <RefreshButton
              isRefreshing={detail.isRefetching || version.isRefetching}
              onRefresh={() => void client.invalidateQueries({ queryKey: ["contracts"] })}
            />
            <Suspense fallback={null}>
              {id !== null && chosen !== null && <ExportMenu contract={id} version={chosen} />}
            </Suspense>
            <Button
              leftSection={<IconFileSearch size={18} stroke={1.6} />}
              disabled={chosen === null || shown?.is_active === false}
              onClick={() => setTrying(true)}
            >
              Try an earlier file
            </Button>
          </>
        }
      />
      <UrlNotice sentences={problems.sentences} onClean={problems.clean} />
      <div className={classes.split}>
        <VersionList
          list={list}
          contract={id}
          detail={detail}
          chosen={chosen}
          against={against}
          onContract={(contract) => void setParams({ contract, version: null, against: null, file: null })}
          onVersion={(next) => void setParams({ version: next, against: against === next ? null : against })}
          onAgainst={(next) => void setParams({ against: next })}
        />
        <div className={classes.document}>
          {id !== null && chosen !== null && against !== null && (
            <ChangesPanel
              contract={id}
              from={against}
              to={chosen}
              versions={versions}
              onClose={() => void setParams({ against: null })}
            />
          )}
          {version.isPending && <PanelSkeleton title="What a file must look like" height={420} />}
          {version.isError && version.data === undefined && (
            <Panel title={`Version ${chosen}`}>
              <Failure what="This version" error={version.error} onRetry={() => void version.refetch()} />
            </Panel>
          )}
          {version.data && id !== null && (
            <ContractDocument
              contract={id}
              version={version.data}
              file={params.file}
              onFile={(file) => void setParams({ file })}
            />
          )}
        </div>
      </div>
      {isTrying && id !== null && chosen !== null && (
        <Suspense fallback={null}>
          <DryRunDialog contract={id} version={chosen} onClose={() => setTrying(false)} />
        </Suspense>
      )}
    </>
  );
}
