import { ActionIcon, Skeleton, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { Drivers, ForecastPoint } from "../../../lib/api-types.ts";
import { dayLong, money, moneySigned } from "../../../lib/format.ts";
import { SignedBars } from "../../common/signed-bars.tsx";

/** Every driver but the level, in the order of the panel. */
const DRIVERS: { key: Exclude<keyof Drivers, "level">; name: string; note: string }[] = [
  { key: "weekday", name: "Weekday", note: "against an average day of the week" },
  { key: "promotion", name: "Promotion", note: "whether there is one, and where in it the day lies" },
  { key: "season", name: "Season", note: "time of the year and of the month" },
  { key: "holidays", name: "Holidays", note: "public and school holidays, closed days around" },
  { key: "trend", name: "Trend", note: "where the store and the chain are heading" },
  { key: "competition", name: "Competition", note: "distance and age of the nearest rival" },
];

interface DriversPanelProps {
  points: readonly ForecastPoint[];
  /** The selected day. */
  point: ForecastPoint | undefined;
  isRefreshing: boolean;
  onDay: (day: string) => void;
}

/** What one day's forecast is made of, in euros; the parts add up to it. */
export function DriversPanel({ points, point, isRefreshing, onDay }: DriversPanelProps) {
  const index = point === undefined ? -1 : points.indexOf(point);
  const step = (by: number, label: string, icon: typeof IconChevronLeft) => {
    const target = points[index + by];
    const Icon = icon;
    return (
      <Tooltip label={label}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={label}
          disabled={index < 0 || target === undefined}
          onClick={() => target && onDay(target.date)}
        >
          <Icon size={18} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
    );
  };
  return (
    <Panel
      title={point === undefined ? "What makes up a day" : `What makes up ${dayLong(point.date)}`}
      summary={point?.drivers ? driversSentence(point.predicted_sales, point.drivers) : undefined}
      isRefreshing={isRefreshing}
      actions={
        <>
          {step(-1, "The day before", IconChevronLeft)}
          {step(1, "The day after", IconChevronRight)}
        </>
      }
    >
      {point === undefined ? (
        <Skeleton height={260} />
      ) : point.open === 0 ? (
        <EmptyState kind="no-match" title="Closed on that day">
          A closed day sells nothing, and nothing makes it up.
        </EmptyState>
      ) : point.drivers === null ? (
        <EmptyState kind="not-computed" title="Not known for this model">
          The model that serves cannot take its forecasts apart.
        </EmptyState>
      ) : (
        <SignedBars
          label={`What makes up the forecast of ${dayLong(point.date)}`}
          start={{
            name: "Level of the store",
            note: "what it sells on an ordinary day",
            value: point.drivers.level,
          }}
          bars={DRIVERS.map(({ key, name, note }) => ({ name, note, value: point.drivers?.[key] ?? 0 }))}
          total={{ name: "Forecast", value: point.predicted_sales }}
        />
      )}
    </Panel>
  );
}

/** The strongest push up or down in a sentence. */
export function driversSentence(forecast: number, drivers: Drivers): string {
  const strongest = DRIVERS.reduce((a, b) => (Math.abs(drivers[b.key]) > Math.abs(drivers[a.key]) ? b : a));
  const value = drivers[strongest.key];
  const start = `${money(forecast)}, from an ordinary day of ${money(drivers.level)}`;
  return Math.abs(value) < 1
    ? `${start}: nothing moves it.`
    : `${start}; moved most by ${strongest.name.toLowerCase()}: ${moneySigned(value)}.`;
}
