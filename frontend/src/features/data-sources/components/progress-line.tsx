import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { percentWhole } from "../../../lib/format.ts";
import classes from "./progress-line.module.css";

interface ProgressLineProps {
  /** Names the progress for screen readers. */
  label: string;
  /** 0 to 1; null = at work, nobody knows how far. */
  share: number | null;
  words: ReactNode;
  /** Absent where nothing can be called off. */
  onCancel?: () => void;
  isCancelling?: boolean;
}

/** How far something is, in a bar and in words, and the way to call it off. */
export function ProgressLine({ label, share, words, onCancel, isCancelling }: ProgressLineProps) {
  const value = share === null ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div className={classes.line}>
      <div
        className={classes.bar}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value}
      >
        <i data-unknown={value === undefined || undefined} style={{ width: `${value ?? 30}%` }} />
      </div>
      <span className={classes.words}>
        {share !== null && <>{percentWhole(share)} · </>}
        {words}
      </span>
      {onCancel && (
        <Button size="xs" variant="default" loading={isCancelling} onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
