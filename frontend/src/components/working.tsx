import { Button, Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import classes from "./working.module.css";

interface WorkingProps {
  isActive: boolean;
  /** What is being done, without a full stop. */
  what: string;
  /** How far it is, 0 to 1; absent when that is not known. */
  share?: number | null;
  /** A line below: the step it is at, or what happens when one leaves. */
  note?: string;
  /** Absent for work that goes on by itself. */
  onCancel?: () => void;
}

/** Nothing shorter than this is worth a sign. */
const DELAY_MS = 300;

/** Work that takes a while: what it is, for how long, and a way out. Drawn only after 300 ms. */
export function Working({ isActive, what, share, note, onCancel }: WorkingProps) {
  const [elapsedMs, setElapsed] = useState(0);
  useEffect(() => {
    if (!isActive) return;
    const start = performance.now();
    const timer = setInterval(() => setElapsed(performance.now() - start), 100);
    return () => {
      clearInterval(timer);
      setElapsed(0);
    };
  }, [isActive]);
  if (!isActive || elapsedMs < DELAY_MS) return null;
  return (
    <div className={`${classes.working} no-print`} role="status">
      <Loader size={16} aria-hidden />
      <div>
        {what}
        {elapsedMs >= 1000 && <span aria-hidden>, {Math.floor(elapsedMs / 1000)} s</span>}
        {share != null && <Bar label={what} share={Math.min(1, Math.max(0, share))} />}
        {note && <small>{note}</small>}
      </div>
      {onCancel && (
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

function Bar({ label, share }: { label: string; share: number }) {
  return (
    <div
      className={classes.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <i style={{ width: `${share * 100}%` }} />
    </div>
  );
}
