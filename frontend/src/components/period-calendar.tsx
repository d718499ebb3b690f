import "@mantine/dates/styles.css";
import { DatePicker } from "@mantine/dates";
import { useState } from "react";
import { day } from "../lib/format.ts";
import type { Period } from "../lib/period.ts";
import classes from "./period-calendar.module.css";

interface PeriodCalendarProps {
  value: Period;
  data: Period;
  onChoose: (period: Period) => void;
}

/** Two clicks choose first and last day. The picker speaks `YYYY-MM-DD` texts, so no time zone comes near them. */
export default function PeriodCalendar({ value, data, onChoose }: PeriodCalendarProps) {
  const [chosen, setChosen] = useState<[string | null, string | null]>([value.from, value.to]);
  return (
    <>
      <DatePicker
        type="range"
        allowSingleDateInRange
        weekendDays={[]}
        size="sm"
        defaultDate={value.to}
        minDate={data.from}
        maxDate={data.to}
        value={chosen}
        onChange={([from, to]) => {
          setChosen([from, to]);
          if (from !== null && to !== null) onChoose({ from, to });
        }}
      />
      <p className={classes.hint}>
        {chosen[0] !== null && chosen[1] === null
          ? `From ${day(chosen[0])}: now choose the last day`
          : `Data from ${day(data.from)} to ${day(data.to)}`}
      </p>
    </>
  );
}
