import { Button, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle } from "@tabler/icons-react";
import { VerdictBadge } from "../../../components/badge.tsx";
import type { PreflightRun, PreflightRunDetail } from "../../../lib/api-types.ts";
import { count, instant, plural } from "../../../lib/format.ts";
import type { FileKind } from "../params.ts";
import { faultsOf, fileWords, outcomeWords } from "../verdict-words.ts";
import classes from "./verdict-panel.module.css";

const SIGNS = {
  PASS: { icon: IconCircleCheck, word: "Pass" },
  WARN: { icon: IconAlertTriangle, word: "Warning" },
  FAIL: { icon: IconCircleX, word: "Fail" },
  ERROR: { icon: IconHelpCircle, word: "Could not be judged" },
  SKIPPED: { icon: IconHelpCircle, word: "Not examined" },
} as const;

interface VerdictPanelProps {
  run: PreflightRunDetail;
  isNewest: boolean;
  file: FileKind | null;
  onFile: (file: FileKind) => void;
  onNewest: () => void;
}

const WORST = ["FAIL", "WARN", "PASS"];
const byWorst = (a: PreflightRun, b: PreflightRun): number =>
  WORST.indexOf(a.final_status) - WORST.indexOf(b.final_status);

/** What came of a delivery, large; beside it each of its files, the worst first, to be looked into. */
export function VerdictPanel({ run, isNewest, file, onFile, onNewest }: VerdictPanelProps) {
  const sign = SIGNS[run.final_status];
  return (
    <section className={classes.verdict} data-verdict={run.final_status} aria-label="Verdict">
      <div className={classes.word}>
        <sign.icon size={32} stroke={1.6} aria-hidden />
        <div>
          <p className={classes.large}>{sign.word}</p>
          <p className={classes.quiet}>
            {isNewest ? "Newest delivery" : "Earlier delivery"}, {instant(run.created_at)}
          </p>
          {!isNewest && (
            <Button variant="default" size="compact-sm" mt={8} onClick={onNewest}>
              Show the newest
            </Button>
          )}
        </div>
      </div>
      <ul className={classes.files}>
        {run.records.toSorted(byWorst).map((record) => (
          <li key={record.source_name}>
            <FileCard
              record={record}
              isDeliveryBlocked={run.blocked}
              isChosen={record.source_name === file}
              onClick={() => onFile(record.source_name)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function FileCard({
  record,
  isDeliveryBlocked,
  isChosen,
  onClick,
}: {
  record: PreflightRun;
  isDeliveryBlocked: boolean;
  isChosen: boolean;
  onClick: () => void;
}) {
  const faults = faultsOf(record);
  return (
    <UnstyledButton className={classes.file} aria-pressed={isChosen} onClick={onClick}>
      <span className={classes.title}>
        <strong>{record.file_name ?? fileWords(record.source_name)}</strong>
        <VerdictBadge verdict={record.final_status} />
      </span>
      <span>{outcomeWords(record, isDeliveryBlocked)}</span>
      <span className={classes.quiet}>
        {count(record.rows_read)} rows read
        {faults > 0 && `, ${plural(faults, "kind of fault", "kinds of faults")}`}
        {record.contract_version && `, contract ${record.contract_version}`}
      </span>
    </UnstyledButton>
  );
}
