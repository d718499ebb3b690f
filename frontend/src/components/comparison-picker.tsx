import type { Comparison } from "../lib/period.ts";
import { Segments } from "./segments.tsx";

const OPTIONS: { value: Comparison; name: string }[] = [
  { value: "previous", name: "Period before" },
  { value: "year", name: "Year before" },
  { value: "none", name: "Nothing" },
];

/** What the figures are compared with. */
export function ComparisonPicker({
  value,
  onChange,
}: {
  value: Comparison;
  onChange: (value: Comparison) => void;
}) {
  return <Segments label="Compare with" options={OPTIONS} value={value} onChange={onChange} />;
}
