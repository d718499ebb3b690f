import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { fieldLabel } from "./field-label.ts";

interface NumberFieldProps {
  /** Shown above the field; `isLabelHidden` leaves it to screen readers. */
  label: string;
  isLabelHidden?: boolean;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
  /** What stands after the number: "%". */
  unit?: string;
  width?: number;
}

/** A whole number between two bounds, taken over with Enter or on leaving the field; one outside is brought to the nearest bound. */
export function NumberField(props: NumberFieldProps) {
  const { label, isLabelHidden, value, min, max, onChange, unit, width = 84 } = props;
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  const commit = () => {
    const typed = Number(draft);
    const next =
      draft.trim() === "" || !Number.isFinite(typed)
        ? value
        : Math.min(max, Math.max(min, Math.round(typed)));
    setDraft(String(next));
    if (next !== value) onChange(next);
  };
  return (
    <TextInput
      type="number"
      label={isLabelHidden ? undefined : label}
      aria-label={isLabelHidden ? label : undefined}
      labelProps={fieldLabel}
      w={width}
      min={min}
      max={max}
      step={1}
      rightSection={unit && <span aria-hidden>{unit}</span>}
      rightSectionWidth={unit ? 28 : undefined}
      rightSectionPointerEvents="none"
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
