import { Button, Checkbox } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../../../components/dialog.tsx";
import parts from "../../../components/dialog-parts.module.css";
import { Failure } from "../../../components/failure.tsx";
import { TableSkeleton } from "../../../components/lazy-table.tsx";
import type { CalendarDay, KnownFuture } from "../../../lib/api-types.ts";
import { dayLong, plural } from "../../../lib/format.ts";
import type { DayChange } from "../draft.ts";
import { type DayField, plannedFlag, withChange } from "../replanned-days.ts";
import classes from "./days-dialog.module.css";

interface DaysDialogProps {
  name: string;
  /** The plan that the days begin with: the store's, or that of one store of the segment. */
  calendar: UseQueryResult<KnownFuture>;
  isSegment: boolean;
  changes: readonly DayChange[];
  onChange: (changes: DayChange[]) => void;
  onClose: () => void;
}

const FIELDS: { field: DayField; name: string }[] = [
  { field: "open", name: "Open" },
  { field: "promo", name: "Promotion" },
  { field: "school", name: "School holidays" },
];

/** The plan of the coming days as a copy: a tick that differs from the plan is a change of this scenario alone. */
export function DaysDialog({ name, calendar, isSegment, changes, onChange, onClose }: DaysDialogProps) {
  const [draft, setDraft] = useState(changes);
  const days = calendar.data?.days ?? [];
  const set = (day: CalendarDay, field: DayField, isOn: boolean) =>
    setDraft(withChange(draft, day, field, isOn));
  return (
    <Dialog title={`Days of “${name}”`} onClose={onClose}>
      <p className={parts.note}>
        {isSegment
          ? `The plan of store ${calendar.data?.store_id ?? "–"} stands for the segment; what you tick differently holds for all of its stores, in this scenario only.`
          : "The plan as it is known or projected. What you tick differently changes this scenario only; nothing else changes."}
      </p>
      {calendar.isPending && <TableSkeleton rows={8} />}
      {calendar.isError && calendar.data === undefined && (
        <Failure what="The plan" error={calendar.error} onRetry={() => void calendar.refetch()} />
      )}
      {calendar.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={classes.scroller} tabIndex={0} aria-label="Coming days">
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {FIELDS.map(({ field, name: header }) => (
                  <th key={field} scope="col">
                    {header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.date}>
                  <th scope="row">
                    {dayLong(day.date)}
                    {day.basis === "projected" && <small>projected</small>}
                  </th>
                  {FIELDS.map(({ field, name: header }) => {
                    const change = draft.find((entry) => entry.date === day.date)?.[field] ?? null;
                    return (
                      <td key={field} data-changed={change !== null || undefined}>
                        <Checkbox
                          size="xs"
                          aria-label={`${header} on ${dayLong(day.date)}${change === null ? "" : ", changed"}`}
                          checked={change === null ? plannedFlag(day, field) : change === 1}
                          onChange={(event) => set(day, field, event.currentTarget.checked)}
                        />
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <div className={parts.buttons}>
        {draft.length > 0 && (
          <Button variant="default" mr="auto" onClick={() => setDraft([])}>
            Undo {plural(draft.length, "day")}
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          onClick={() => {
            onChange([...draft]);
            onClose();
          }}
        >
          Use these days
        </Button>
      </div>
    </Dialog>
  );
}
