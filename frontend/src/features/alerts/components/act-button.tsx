import { Button, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { Right } from "../use-rights.ts";

interface ActButtonProps {
  right: Right;
  /** Named for screen readers where the words alone do not say what it is about. */
  label?: string;
  isPending?: boolean;
  isMain?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** A button that says why it cannot be pressed, where the reader's key does not reach. */
export function ActButton({ right, label, isPending, isMain = false, onClick, children }: ActButtonProps) {
  return (
    <Tooltip label={right.why} disabled={right.may} multiline maw={280}>
      <Button
        size="xs"
        variant={isMain ? "filled" : "default"}
        aria-label={label}
        loading={isPending}
        // Not `disabled`: the reason must be reachable by keyboard and pointer.
        data-disabled={right.may ? undefined : true}
        aria-disabled={!right.may}
        onClick={right.may ? onClick : undefined}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
