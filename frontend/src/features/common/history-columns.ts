import type { ForecastDay, HistoryDay } from "../../charts/sales-over-time.ts";
import type { TableColumn } from "../../components/table-column.ts";
import { count, dayLong, money, month } from "../../lib/format.ts";
import type { Granularity } from "./api/sales-series.ts";

/** A day of a chart that shows history and forecast in one table. */
export interface SeriesRow {
  date: string;
  kind: "actual" | "forecast";
  sales: number | null;
  customers: number | null;
  lower: number | null;
  upper: number | null;
  marks: string;
}

/** History and forecast as rows of one table, in time order. */
export function seriesRows(history: readonly HistoryDay[], forecast: readonly ForecastDay[]): SeriesRow[] {
  const words = (entry: HistoryDay | ForecastDay) =>
    [...(entry.isClosed ? ["Closed"] : []), ...(entry.hasPromo ? ["Promotion"] : []), ...entry.notes].join(
      ", ",
    );
  return [
    ...history.map((entry) => ({
      date: entry.date,
      kind: "actual" as const,
      sales: entry.sales,
      customers: entry.customers,
      lower: null,
      upper: null,
      marks: words(entry),
    })),
    ...forecast.map((entry) => ({
      date: entry.date,
      kind: "forecast" as const,
      sales: entry.sales,
      customers: null,
      lower: entry.lower80,
      upper: entry.upper80,
      marks: words(entry),
    })),
  ];
}

/** The columns of such a table; the interval only where there is a forecast. */
export function seriesColumns(granularity: Granularity, hasForecast: boolean): TableColumn<SeriesRow>[] {
  const columns: TableColumn<SeriesRow>[] = [
    {
      key: "date",
      header: granularity === "monthly" ? "Month" : "Day",
      value: (row) => row.date,
      text: (row) => (granularity === "monthly" ? month(row.date) : dayLong(row.date)),
    },
    {
      key: "sales",
      header: "Sales",
      align: "right",
      value: (row) => row.sales,
      text: (row) => money(row.sales),
    },
    {
      key: "customers",
      header: "Customers",
      align: "right",
      value: (row) => row.customers,
      text: (row) => count(row.customers),
    },
  ];
  if (hasForecast) {
    columns.splice(1, 0, {
      key: "kind",
      header: "Kind",
      value: (row) => row.kind,
      text: (row) => (row.kind === "actual" ? "Actual" : "Forecast"),
    });
    columns.push(
      {
        key: "lower_80",
        header: "80% from",
        align: "right",
        value: (row) => row.lower,
        text: (row) => money(row.lower),
      },
      {
        key: "upper_80",
        header: "to",
        align: "right",
        value: (row) => row.upper,
        text: (row) => money(row.upper),
      },
    );
  }
  columns.push({ key: "marks", header: "On that day", value: (row) => row.marks });
  return columns;
}
