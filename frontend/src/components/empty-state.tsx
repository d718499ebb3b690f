import { IconDatabaseOff, IconFilterOff, IconLock, IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Notice } from "./notice.tsx";

/**
 * Why there is nothing to see; the four cases want four different next steps:
 * no-data (load some), no-match (reset the filters), no-permission (ask for the scope), not-computed (run it).
 */
export type EmptyKind = "no-data" | "no-match" | "no-permission" | "not-computed";

const ICONS = {
  "no-data": IconDatabaseOff,
  "no-match": IconFilterOff,
  "no-permission": IconLock,
  "not-computed": IconPlayerPlay,
};

interface EmptyStateProps {
  kind: EmptyKind;
  title: string;
  children?: ReactNode;
  /** The next step: a button or a link. */
  action?: ReactNode;
  level?: "page" | "panel";
}

export function EmptyState({ kind, ...rest }: EmptyStateProps) {
  const Icon = ICONS[kind];
  return <Notice icon={<Icon aria-hidden stroke={1.5} />} {...rest} />;
}
