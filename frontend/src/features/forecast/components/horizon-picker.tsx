import { NumberInput, SegmentedControl } from "@mantine/core";
import { useEffect, useState } from "react";
import { Field } from "../../../components/field.tsx";
import classes from "./forecast-studio.module.css";

export const DEFAULT_HORIZON = 30;
export const LARGEST_HORIZON = 180;
const PRESETS = [7, 30, 90];

/** How many days ahead: three presets, or any number from 1 to 180. A number outside is brought to the nearest one. */
export function HorizonPicker({ value, onChange }: { value: number; onChange: (days: number) => void }) {
  const [draft, setDraft] = useState<number | string>(value);
  useEffect(() => setDraft(value), [value]);
  const commit = () => {
    const days = Number(draft);
    const next =
      draft === "" || !Number.isFinite(days)
        ? value
        : Math.min(LARGEST_HORIZON, Math.max(1, Math.round(days)));
    setDraft(next);
    if (next !== value) onChange(next);
  };
  return (
    <Field label="Days ahead">
      <div className={classes.horizon}>
        <SegmentedControl
          aria-label="Days ahead"
          value={PRESETS.includes(value) ? String(value) : ""}
          onChange={(preset) => onChange(Number(preset))}
          data={PRESETS.map((days) => ({ value: String(days), label: `${days} days` }))}
        />
        <NumberInput
          aria-label="Days ahead, 1 to 180"
          w={84}
          min={1}
          max={LARGEST_HORIZON}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={draft}
          onChange={setDraft}
          onBlur={commit}
          onKeyDown={(event) => event.key === "Enter" && commit()}
        />
      </div>
    </Field>
  );
}
