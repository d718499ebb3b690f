import type { ReactNode } from "react";
import classes from "./badge.module.css";

/** What a badge's colour says; its word always says the same. */
export type Tone = "even" | "info" | "good" | "warn" | "bad";

/** A state in one word. */
export function Badge({ tone = "even", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}

const VERDICTS: Record<string, { tone: Tone; word: string }> = {
  PASS: { tone: "good", word: "Pass" },
  WARN: { tone: "warn", word: "Warning" },
  FAIL: { tone: "bad", word: "Fail" },
  ERROR: { tone: "bad", word: "Not known" },
  SKIPPED: { tone: "even", word: "Skipped" },
};

/** The verdict of a check, a file or a run; a word of the server that is not known here is shown as it is. */
export function VerdictBadge({ verdict }: { verdict: string | null | undefined }) {
  if (!verdict) return <Badge>None</Badge>;
  const known = VERDICTS[verdict.toUpperCase()];
  return <Badge tone={known?.tone}>{known?.word ?? verdict}</Badge>;
}
