import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { LazyTable, TableSkeleton } from "../../../components/lazy-table.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { SavedScenario } from "../../../lib/api-types.ts";
import { ago, instant, plural } from "../../../lib/format.ts";
import { useAction } from "../../../lib/use-action.ts";
import { segmentWords } from "../../common/segment.ts";
import { removeScenario, useSavedScenarios } from "../api/saved-scenarios.ts";
import { fromSaved } from "../lab-body.ts";

interface SavedPanelProps {
  source: number | null;
  openId: string | null;
  /** Address of a saved comparison. */
  linkOf: (id: string) => string;
}

/** What people have kept: name, author, version; a click opens it. */
export function SavedPanel({ source, openId, linkOf }: SavedPanelProps) {
  const saved = useSavedScenarios(source);
  const [removing, setRemoving] = useState<SavedScenario | null>(null);
  const columns = useMemo(() => columnsOf(linkOf, setRemoving), [linkOf]);
  return (
    <Panel
      title="Saved scenarios"
      summary="Kept for everyone with a name, an author and a version. Opening one computes it with today's forecast."
      isFlush
    >
      {saved.isPending && <TableSkeleton rows={3} />}
      {saved.isError && saved.data === undefined && (
        <Failure what="The saved scenarios" error={saved.error} onRetry={() => void saved.refetch()} />
      )}
      {saved.data && (
        <LazyTable
          label="Saved scenarios"
          columns={columns}
          rows={saved.data}
          rowKey={(row) => row.scenario_id}
          isSelected={(row) => row.scenario_id === openId}
          maxHeight={360}
          empty={
            <EmptyState kind="no-data" title="Nothing is saved yet">
              “Save” above keeps what you see under a name, for you and for others.
            </EmptyState>
          }
        />
      )}
      {removing && <RemoveDialog saved={removing} onClose={() => setRemoving(null)} />}
    </Panel>
  );
}

function RemoveDialog({ saved, onClose }: { saved: SavedScenario; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useAction<string>(removeScenario, () =>
    client.invalidateQueries({ queryKey: ["saved-scenarios"] }),
  );
  return (
    <Dialog title={`Take “${saved.name}” out of the list?`} onClose={onClose}>
      <p>
        {plural(saved.version, "version")} by {saved.author} will no longer be found, and links to it will say
        so.
      </p>
      <DialogFailure what="It was not removed" error={remove.error} />
      <div className={parts.buttons}>
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.run(saved.scenario_id, onClose)}>
          Remove it
        </Button>
      </div>
    </Dialog>
  );
}

function columnsOf(
  linkOf: (id: string) => string,
  onRemove: (saved: SavedScenario) => void,
): TableColumn<SavedScenario>[] {
  return [
    {
      key: "name",
      header: "Name",
      value: (row) => row.name,
      cell: (row) => (
        <Link to={linkOf(row.scenario_id)} preventScrollReset title={row.note || undefined}>
          {row.name}
        </Link>
      ),
    },
    { key: "stores", header: "Stores", value: targetWords },
    {
      key: "scenarios",
      header: "Scenarios",
      align: "right",
      value: (row) => row.content.scenarios.length,
    },
    { key: "version", header: "Version", align: "right", value: (row) => row.version },
    { key: "author", header: "Author", value: (row) => row.author },
    {
      key: "changed_at",
      header: "Changed",
      value: (row) => row.changed_at,
      cell: (row) => (
        <span title={`${instant(row.changed_at)} by ${row.changed_by}`}>{ago(row.changed_at)}</span>
      ),
    },
    {
      key: "actions",
      header: "Remove",
      value: () => null,
      cell: (row) => (
        <Tooltip label="Take it out of the list">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={`Remove ${row.name}`}
            onClick={() => onRemove(row)}
          >
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      ),
    },
  ];
}

function targetWords({ content }: SavedScenario): string {
  const { mode, store, segment } = fromSaved(content);
  return mode === "store" ? `Store ${store}` : `Stores with ${segmentWords(segment)}`;
}
