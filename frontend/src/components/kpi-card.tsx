import { Popover, Skeleton, Tooltip, UnstyledButton } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./kpi-card.module.css";
import { Sparkline } from "./sparkline.tsx";

export interface Change {
  /** Its sign and whether it is worth an arrow; null when there is nothing to compare with. */
  amount: number | null;
  /** The change as written: "+2.1%". */
  text: string;
  /** What it is compared with, in words: "vs the 90 days before". */
  against: string;
  /** Whether more is better; null = neither. */
  goodDirection: "up" | "down" | null;
  /** The exact difference and the period compared, shown on hover and focus. */
  exact?: string;
}

interface KpiCardProps {
  name: string;
  /** How the figure is computed; opens from its name. */
  definition: ReactNode;
  /** Short form, the largest thing on the card. */
  value: string;
  /** The exact value with its unit, shown on hover and focus. */
  exact?: string;
  change?: Change;
  hint?: ReactNode;
  spark?: readonly number[];
  kind?: "history" | "forecast";
  isRefreshing?: boolean;
}

/** One figure: name, value, change against a period, shape over time, and one line that puts it in place. */
export function KpiCard({
  name,
  definition,
  value,
  exact,
  change,
  hint,
  spark,
  kind,
  isRefreshing,
}: KpiCardProps) {
  return (
    <article className={classes.card} aria-label={name} aria-busy={isRefreshing || undefined}>
      <div className={classes.content} data-refreshing={isRefreshing || undefined}>
        <Popover position="bottom-start" width={280} withinPortal>
          <Popover.Target>
            <UnstyledButton className={classes.name}>
              {name}
              <IconInfoCircle size={14} stroke={1.5} aria-label={`How ${name} is computed`} />
            </UnstyledButton>
          </Popover.Target>
          <Popover.Dropdown className={classes.definition}>{definition}</Popover.Dropdown>
        </Popover>
        <div className={classes.figures}>
          <Tooltip label={exact ?? value} disabled={exact === undefined || exact === value}>
            <span className={classes.value} tabIndex={exact === undefined || exact === value ? undefined : 0}>
              {value}
            </span>
          </Tooltip>
          {change && <ChangeMark {...change} />}
        </div>
        {spark && <Sparkline values={spark} kind={kind} />}
        {hint && <p className={classes.hint}>{hint}</p>}
      </div>
    </article>
  );
}

/** What would be written as 0.0%. */
const SMALLEST_CHANGE = 0.0005;

/** Value, percent and period of a change; an arrow carries what the colour says. */
function ChangeMark({ amount, text, against, goodDirection, exact }: Change) {
  const direction =
    amount === null || Math.abs(amount) < SMALLEST_CHANGE ? "none" : amount > 0 ? "up" : "down";
  const tone =
    goodDirection === null || direction === "none" ? "even" : direction === goodDirection ? "good" : "bad";
  const arrow = { none: "", up: "▲", down: "▼" }[direction];
  return (
    <Tooltip label={exact} disabled={exact === undefined} multiline maw={300}>
      <span className={classes.change} tabIndex={exact === undefined ? undefined : 0}>
        <span className={classes.ratio} data-tone={tone}>
          {arrow && (
            <span className={classes.arrow} aria-hidden>
              {arrow}
            </span>
          )}
          {text}
        </span>{" "}
        <span className={classes.against}>{against}</span>
      </span>
    </Tooltip>
  );
}

/** A card whose figures are on their way. */
export function KpiCardSkeleton({ name }: { name: string }) {
  return (
    <article className={classes.card} aria-label={name} aria-busy>
      <div className={classes.content}>
        <span className={classes.name}>{name}</span>
        <Skeleton height={28} width="70%" mt={6} />
        <Skeleton height={12} width="85%" mt={10} />
        <Skeleton height={24} mt={12} />
        <Skeleton height={12} width="60%" mt={12} />
      </div>
    </article>
  );
}

/** A card whose figure could not be loaded. */
export function KpiCardFailure({
  name,
  message,
  onRetry,
}: {
  name: string;
  message: string;
  onRetry: () => void;
}) {
  return (
    <article className={classes.card} aria-label={name}>
      <div className={classes.content}>
        <span className={classes.name}>{name}</span>
        <p className={classes.failure}>{message}</p>
        <UnstyledButton className={classes.retry} onClick={onRetry}>
          Try again
        </UnstyledButton>
      </div>
    </article>
  );
}
