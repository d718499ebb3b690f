import { EmptyState } from "../../components/empty-state.tsx";
import { Failure } from "../../components/failure.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { Panel } from "../../components/panel.tsx";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { useContracts } from "./api/contracts.ts";
import { Contracts } from "./components/contracts.tsx";
import { ContractsSkeleton } from "./components/contracts-skeleton.tsx";

/** "What must a delivered file look like, and what changed?" */
export function ContractsPage() {
  const list = useContracts();
  if (list.data && list.data.length > 0) return <Contracts list={list.data} />;
  return (
    <Waiting>
      {list.isPending && <ContractsSkeleton />}
      {list.isError && (
        <Panel title="Contracts">
          <Failure what="The contracts" error={list.error} onRetry={() => void list.refetch()} />
        </Panel>
      )}
      {list.data && (
        <Panel title="Contracts">
          <EmptyState kind="no-data" title="The registry holds no contract">
            Contracts are files of <code>config/input_contract</code>, listed in{" "}
            <code>contracts_registry.yaml</code>. Without one, files are loaded as they come.
          </EmptyState>
        </Panel>
      )}
    </Waiting>
  );
}

function Waiting({ children }: { children: React.ReactNode }) {
  useDocumentTitle("Contracts");
  return (
    <>
      <PageHead title="Contracts" answer={<>&nbsp;</>} />
      {children}
    </>
  );
}
