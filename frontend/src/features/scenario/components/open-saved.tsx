import { Button } from "@mantine/core";
import { IconBookmark, IconBookmarkOff } from "@tabler/icons-react";
import type { SavedScenario } from "../../../lib/api-types.ts";
import { ago } from "../../../lib/format.ts";
import classes from "./open-saved.module.css";

interface OpenSavedProps {
  open: SavedScenario | null;
  /** Why it could not be opened. */
  error: Error | null;
  /** The page asks something else than what was saved. */
  isChanged: boolean;
  onClose: () => void;
}

/** Which saved comparison is open: name, version, by whom; and whether the page has moved on from it. */
export function OpenSaved({ open, error, isChanged, onClose }: OpenSavedProps) {
  if (open === null && error === null) return null;
  return (
    <div className={classes.notice} role="status">
      {open ? (
        <IconBookmark size={18} stroke={1.6} aria-hidden />
      ) : (
        <IconBookmarkOff size={18} stroke={1.6} aria-hidden />
      )}
      <span>
        {open ? (
          <>
            <strong>{open.name}</strong>, version {open.version}, by {open.changed_by} {ago(open.changed_at)}
            {isChanged && " · changed since on this page, not saved yet"}
            {open.note && <small>{open.note}</small>}
          </>
        ) : (
          <>The saved scenario could not be opened: {error?.message}</>
        )}
      </span>
      <Button size="compact-sm" variant="default" onClick={onClose}>
        Close it
      </Button>
    </div>
  );
}
