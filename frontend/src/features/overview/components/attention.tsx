import { IconAlertTriangle } from "@tabler/icons-react";
import { isStale } from "../../../components/freshness.tsx";
import type { SystemSummary } from "../../../lib/api-types.ts";
import { ago, day } from "../../../lib/format.ts";
import classes from "./attention.module.css";

/** What a reader should know before trusting the figures below; nothing when all is well. */
export function Attention({ summary }: { summary: SystemSummary }) {
  const warnings = attentionWarnings(summary);
  if (warnings.length === 0) return null;
  return (
    <ul className={`${classes.strip} no-print`} aria-label="Needs attention">
      {warnings.map((warning) => (
        <li key={warning}>
          <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
          <span>{warning}</span>
        </li>
      ))}
    </ul>
  );
}

/** The warnings, one sentence each with the next step. */
export function attentionWarnings(summary: SystemSummary, now = Date.now()): string[] {
  const warnings: string[] = [];
  if (isStale(summary.loaded_at, now)) {
    warnings.push(
      `The data was loaded ${ago(summary.loaded_at, now)}. Load newer sales with “npx rossmann etl”.`,
    );
  }
  if (summary.model === null) {
    warnings.push(
      "There is no forecasting model yet, so there is no forecast. Train one with “npx rossmann train”.",
    );
  } else if (summary.date_to !== null && summary.model.trained_to < summary.date_to) {
    warnings.push(
      `The model has learned from sales to ${day(summary.model.trained_to)}, the data goes to ${day(summary.date_to)}. Train again with “npx rossmann train”.`,
    );
  }
  return warnings;
}
