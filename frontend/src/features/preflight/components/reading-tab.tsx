import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import type { PreflightManifest, PreflightRun, PreflightValidation } from "../../../lib/api-types.ts";
import { count, MISSING } from "../../../lib/format.ts";
import { useManifest } from "../api/reports.ts";
import { readingFacts } from "../reading-facts.ts";
import classes from "./run-panel.module.css";

interface ReadingTabProps {
  file: PreflightRun;
  wasRead: boolean;
  validation: PreflightValidation | undefined;
}

/** How the file was understood: its form, its headers, and what became of the cells of every column. */
export function ReadingTab({ file, wasRead, validation }: ReadingTabProps) {
  const manifest = useManifest(file.run_id, file.source_name, wasRead);
  if (wasRead && manifest.isPending) return <TableSkeleton rows={6} />;
  if (wasRead && manifest.data === undefined)
    return (
      <Failure
        what="How it was read"
        error={manifest.error ?? new Error("no answer")}
        onRetry={() => void manifest.refetch()}
      />
    );
  const facts = readingFacts(file, validation?.metadata ?? {}, manifest.data ?? null);
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, text]) => (
          <Fact key={name} name={name} text={text} />
        ))}
      </dl>
      {manifest.data ? (
        <Columns manifest={manifest.data} />
      ) : (
        <EmptyState kind="not-computed" title="No row was read">
          The file was turned away before its rows could be understood.
        </EmptyState>
      )}
    </>
  );
}

const Fact = ({ name, text }: { name: string; text: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{text}</dd>
  </>
);

/** What became of the cells of one column. */
interface CellCounts {
  expected_dtype?: string;
  coerced?: number;
  invalid_to_null?: number;
  null_count_after?: number;
}

function Columns({ manifest }: { manifest: PreflightManifest }) {
  const headers = new Map(Object.entries(manifest.renamed_columns).map(([from, to]) => [to, from]));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds inputs, this holds a table that scrolls
    <div
      className={classes.scroller}
      role="group"
      aria-label="Columns of the file"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className={classes.table}>
        <caption className="visually-hidden">Columns of the file</caption>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Header in the file</th>
            <th scope="col">Holds</th>
            <th scope="col" data-align="right">
              Written another way
            </th>
            <th scope="col" data-align="right">
              Not understood
            </th>
            <th scope="col" data-align="right">
              Empty
            </th>
          </tr>
        </thead>
        <tbody>
          {manifest.final_canonical_columns.map((column) => {
            const stats = manifest.coercion_stats[column] as CellCounts | undefined;
            return (
              <tr key={column}>
                <th scope="row">{column}</th>
                <td>{headers.get(column) ?? column}</td>
                <td>{stats?.expected_dtype ?? MISSING}</td>
                <td data-align="right">{count(stats?.coerced)}</td>
                <td data-align="right" className={stats?.invalid_to_null ? classes.bad : undefined}>
                  {count(stats?.invalid_to_null)}
                </td>
                <td data-align="right">{count(stats?.null_count_after)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
