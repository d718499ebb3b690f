import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { Segments } from "../../../components/segments.tsx";
import classes from "./forecast-studio.module.css";

export const DEFAULT_HORIZON = 30;
export const LARGEST_HORIZON = 180;
const PRESETS = [7, 30, 90].map((days) => ({ value: String(days), name: `${days} days` }));

/** How many days ahead: three presets, or any number from 1 to 180. A number outside is brought to the nearest one. */
export function HorizonPicker({ value, onChange }: { value: number; onChange: (days: number) => void }) {
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  const commit = () => {
    const days = Number(draft);
    const next =
      draft === "" || !Number.isFinite(days)
        ? value
        : Math.min(LARGEST_HORIZON, Math.max(1, Math.round(days)));
    setDraft(String(next));
    if (next !== value) onChange(next);
  };
  return (
    <div className={classes.horizon}>
      <Segments
        label="Days ahead"
        options={PRESETS}
        value={String(value)}
        onChange={(preset) => onChange(Number(preset))}
      />
      <TextInput
        type="number"
        aria-label="Days ahead, 1 to 180"
        w={76}
        min={1}
        max={LARGEST_HORIZON}
        step={1}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
    </div>
  );
}
