import { parseAsBounded } from "../lib/url-state.ts";
import classes from "./horizon-picker.module.css";
import { NumberField } from "./number-field.tsx";
import { Segments } from "./segments.tsx";

const DEFAULT_HORIZON = 30;
const LARGEST_HORIZON = 180;
const PRESETS = [7, 30, 90].map((days) => ({ value: String(days), name: `${days} days` }));

/** The days ahead in the address. */
export const horizonParam = parseAsBounded(1, LARGEST_HORIZON).withDefault(DEFAULT_HORIZON);

/** How many days ahead: three presets, or any number from 1 to 180. A number outside is brought to the nearest one. */
export function HorizonPicker({ value, onChange }: { value: number; onChange: (days: number) => void }) {
  return (
    <div className={classes.horizon}>
      <Segments
        label="Days ahead"
        options={PRESETS}
        value={String(value)}
        onChange={(preset) => onChange(Number(preset))}
      />
      <NumberField
        label="Days ahead, 1 to 180"
        isLabelHidden
        width={76}
        min={1}
        max={LARGEST_HORIZON}
        value={value}
        onChange={onChange}
      />
    </div>
  );
}
