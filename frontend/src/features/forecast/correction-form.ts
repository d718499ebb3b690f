import type { ForecastPoint, NewOverrideBody } from "../../lib/api-types.ts";
import { isDay } from "../../lib/days.ts";
import { dayShort } from "../../lib/format.ts";

/** A correction as it is typed. */
export interface CorrectionForm {
  from: string;
  to: string;
  /** A change of the model's figure in percent, or the sales of each open day. */
  kind: "change" | "sales";
  value: string;
  reason: string;
}

const LARGEST_CHANGE_PCT = 1000;
const LARGEST_SALES = 1e9;
const SHORTEST_REASON = 3;

type Point = Pick<ForecastPoint, "date" | "open" | "predicted_sales">;
type Faults = Partial<Record<"from" | "to" | "value" | "reason", string>>;

const numberOf = (text: string): number =>
  text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));

const pointsOf = ({ from, to }: CorrectionForm, points: readonly Point[]): Point[] =>
  points.filter((point) => point.date >= from && point.date <= to && point.open === 1);

/** What is wrong with a correction, said beside the field; nothing when it can be sent. */
export function correctionFaults(form: CorrectionForm, points: readonly Point[]): Faults {
  const faults: Faults = {};
  const [first, last] = [points[0]?.date ?? "", points.at(-1)?.date ?? ""];
  const isInside = (day: string) => isDay(day) && day >= first && day <= last;
  const bounds = `Choose a day from ${dayShort(first)} to ${dayShort(last)}.`;
  if (!isInside(form.from)) faults.from = bounds;
  if (!isInside(form.to)) faults.to = bounds;
  else if (form.to < form.from) faults.to = "The last day lies before the first.";
  else if (!faults.from && pointsOf(form, points).length === 0)
    faults.from = "The store is closed on these days.";
  const value = numberOf(form.value);
  if (form.kind === "change" && !(value >= -100 && value <= LARGEST_CHANGE_PCT))
    faults.value = `A number from -100 to ${LARGEST_CHANGE_PCT}.`;
  if (form.kind === "sales" && !(value >= 0 && value <= LARGEST_SALES))
    faults.value = "A number of at least 0.";
  if (form.reason.trim().length < SHORTEST_REASON) faults.reason = "Say why in a few words.";
  return faults;
}

/** What a correction does to its open days; null while it cannot be computed. */
export function corrected(
  form: CorrectionForm,
  points: readonly Point[],
): { days: number; before: number; after: number } | null {
  const value = numberOf(form.value);
  const days = pointsOf(form, points);
  if (days.length === 0 || !Number.isFinite(value)) return null;
  const before = days.reduce((sum, point) => sum + point.predicted_sales, 0);
  return {
    days: days.length,
    before,
    after: form.kind === "sales" ? value * days.length : before * (1 + value / 100),
  };
}

/** A faultless correction as the API takes it. */
export const toOverride = (form: CorrectionForm, store: number, source: number | null): NewOverrideBody => ({
  store_id: store,
  date_from: form.from,
  date_to: form.to,
  ...(form.kind === "change" ? { change_pct: numberOf(form.value) } : { sales: numberOf(form.value) }),
  reason: form.reason.trim(),
  data_source_id: source,
});
