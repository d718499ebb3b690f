import type { ReactNode } from "react";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";

interface AnsweredProps<Data> {
  /** What is shown, as the start of a sentence: "The history". */
  what: string;
  query: { data: Data | undefined; error: Error | null; refetch: () => unknown };
  children: (data: Data) => ReactNode;
}

/** What an answer draws; until it is here its shape, and what went wrong when it does not come. */
export function Answered<Data>({ what, query, children }: AnsweredProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null)
    return <Failure what={what} error={query.error} onRetry={() => void query.refetch()} />;
  return <TableSkeleton rows={5} />;
}
