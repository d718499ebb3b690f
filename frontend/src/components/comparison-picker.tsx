import { SegmentedControl } from "@mantine/core";
import { COMPARISONS, type Comparison } from "../lib/period.ts";
import { Field } from "./field.tsx";

const NAMES: Record<Comparison, string> = { previous: "Period before", year: "Year before", none: "Nothing" };

/** What the figures are compared with. */
export function ComparisonPicker({
  value,
  onChange,
}: {
  value: Comparison;
  onChange: (value: Comparison) => void;
}) {
  return (
    <Field label="Compare with">
      <SegmentedControl
        aria-label="Compare with"
        value={value}
        onChange={(choice) => onChange(choice as Comparison)}
        data={COMPARISONS.map((comparison) => ({ value: comparison, label: NAMES[comparison] }))}
      />
    </Field>
  );
}
