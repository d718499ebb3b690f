import { Button, Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import classes from "./working.module.css";

interface WorkingProps {
  isActive: boolean;
  /** What is being done, without a full stop. */
  what: string;
  onCancel: () => void;
}

/** Nothing shorter than this is worth a sign. */
const DELAY_MS = 300;

/** Work that takes a while: what it is, for how long, and a way out. Drawn only after 300 ms. */
export function Working({ isActive, what, onCancel }: WorkingProps) {
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
      <span>
        {what}
        {elapsedMs >= 1000 && <span aria-hidden>, {Math.floor(elapsedMs / 1000)} s</span>}
      </span>
      <Button size="compact-sm" variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
