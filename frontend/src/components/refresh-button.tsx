import { ActionIcon, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";

/** Asks for a page's figures again; turns while they are on their way. */
export function RefreshButton({ isRefreshing, onRefresh }: { isRefreshing: boolean; onRefresh: () => void }) {
  return (
    <Tooltip label="Ask for all figures again">
      <ActionIcon variant="default" size={36} aria-label="Refresh" loading={isRefreshing} onClick={onRefresh}>
        <IconRefresh size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
