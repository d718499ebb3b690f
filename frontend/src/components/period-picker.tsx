import { Popover, Skeleton } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { dayRange } from "../lib/format.ts";
import { lastDays, type Period, yearToDate } from "../lib/period.ts";
import { Field } from "./field.tsx";
import classes from "./period-picker.module.css";
import { PickerButton } from "./picker-button.tsx";

const PeriodCalendar = lazy(() => import("./period-calendar.tsx"));

interface PeriodPickerProps {
  value: Period;
  /** First and last day of the data; the presets count back from its end. */
  data: Period;
  onChange: (period: Period) => void;
}

const PRESETS: { name: string; period: (data: Period) => Period }[] = [
  { name: "Last 30 days", period: (data) => lastDays(data, 30) },
  { name: "Last 60 days", period: (data) => lastDays(data, 60) },
  { name: "Last 90 days", period: (data) => lastDays(data, 90) },
  { name: "Last 120 days", period: (data) => lastDays(data, 120) },
  { name: "Last year", period: (data) => lastDays(data, 365) },
  { name: "Year to date", period: yearToDate },
  { name: "All days", period: (data) => data },
];

const isSame = (a: Period, b: Period): boolean => a.from === b.from && a.to === b.to;

/** Choice of a period: presets that end on the data's last day, or two days of a calendar. */
export function PeriodPicker({ value, data, onChange }: PeriodPickerProps) {
  const [isOpen, setOpen] = useState(false);
  const choose = (period: Period) => {
    setOpen(false);
    onChange(period);
  };
  const current = PRESETS.find((preset) => isSame(preset.period(data), value));
  return (
    <Field label="Period">
      <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <PickerButton
            icon={<IconCalendar size={16} stroke={1.6} aria-hidden />}
            onClick={() => setOpen(!isOpen)}
          >
            {dayRange(value.from, value.to)}
            {current && <span className={classes.preset}> · {current.name}</span>}
          </PickerButton>
        </Popover.Target>
        <Popover.Dropdown p={0} aria-label="Choose the period">
          <div className={classes.choices}>
            <div className={classes.presets}>
              {PRESETS.map((preset) => (
                <button
                  key={preset.name}
                  type="button"
                  aria-pressed={preset === current}
                  onClick={() => choose(preset.period(data))}
                >
                  {preset.name}
                </button>
              ))}
            </div>
            <div className={classes.calendar}>
              <Suspense fallback={<Skeleton width={252} height={286} />}>
                <PeriodCalendar value={value} data={data} onChoose={choose} />
              </Suspense>
            </div>
          </div>
        </Popover.Dropdown>
      </Popover>
    </Field>
  );
}
