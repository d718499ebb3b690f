import { Tooltip, UnstyledButton } from "@mantine/core";
import { clock } from "../lib/format.ts";
import classes from "./api-status.module.css";

interface ApiStatusProps {
  state: "checking" | "online" | "offline";
  /** When the API last answered, milliseconds since 1970; null when it never has. */
  lastSuccess: number | null;
  problem: string | null;
  check: () => void;
}

const LABELS = { checking: "Checking API", online: "API online", offline: "API offline" };

/** Whether the API answers: a dot with its word, and the time of the last answer. A click asks again. */
export function ApiStatus({ state, lastSuccess, problem, check }: ApiStatusProps) {
  const last = lastSuccess === null ? "no answer yet" : `last answer ${clock(lastSuccess)}`;
  return (
    <>
      <span className="visually-hidden" role="status">
        {LABELS[state]}
      </span>
      <Tooltip
        label={`${state === "offline" && problem ? `${problem} ` : ""}${last}. Click to check now.`}
        multiline
        maw={320}
      >
        <UnstyledButton className={classes.status} data-state={state} onClick={check}>
          <span className={classes.dot} aria-hidden />
          <span className={classes.label}>{LABELS[state]}</span>
          <span className={classes.time}>{lastSuccess === null ? "" : clock(lastSuccess)}</span>
        </UnstyledButton>
      </Tooltip>
    </>
  );
}
