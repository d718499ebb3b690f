import { Badge } from "../../../components/badge.tsx";
import type { ExperimentItem } from "../../../lib/api-types.ts";

const STATES = {
  RUNNING: { tone: "info", word: "Running" },
  COMPLETED: { tone: "good", word: "Completed" },
  FAILED: { tone: "bad", word: "Failed" },
} as const;

/** How a training stands: colour, sign and word say the same. */
export function StatusBadge({ item }: { item: Pick<ExperimentItem, "status" | "error_message"> }) {
  if (item.status === "FAILED" && item.error_message?.startsWith("cancelled"))
    return <Badge>Cancelled</Badge>;
  const { tone, word } = STATES[item.status];
  return <Badge tone={tone}>{word}</Badge>;
}

/** A name that a version goes by. */
export function AliasBadge({ alias }: { alias: "champion" | "challenger" }) {
  return (
    <Badge tone={alias === "champion" ? "good" : "info"}>
      {alias === "champion" ? "Champion" : "Challenger"}
    </Badge>
  );
}
