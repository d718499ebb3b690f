import { useEffect, useId, useState } from "react";
import { NumberField } from "./number-field.tsx";
import classes from "./slider-field.module.css";

interface SliderFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  unit: string;
  /** The value in words, for those who cannot see the number beside: "+10%". */
  valueText: (value: number) => string;
  onChange: (value: number) => void;
  hint?: string;
}

/** Called when nothing has moved for so long: each step on the way would be a question of its own. */
const REST_MS = 250;

/** A whole number between two bounds, by hand or by key on a slider, or typed beside it. */
export function SliderField(props: SliderFieldProps) {
  const { label, value, min, max, unit, valueText, onChange, hint } = props;
  const id = useId();
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  useEffect(() => {
    if (draft === value) return;
    const timer = setTimeout(() => onChange(draft), REST_MS);
    return () => clearTimeout(timer);
  }, [draft, value, onChange]);
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>
        {label}
      </label>
      <div className={classes.row}>
        <input
          id={id}
          type="range"
          className={classes.slider}
          min={min}
          max={max}
          step={1}
          value={draft}
          aria-valuetext={valueText(draft)}
          onChange={(event) => setDraft(Number(event.currentTarget.value))}
          onDoubleClick={() => setDraft(0)}
        />
        <NumberField
          label={`${label}, from ${min} to ${max}`}
          isLabelHidden
          value={draft}
          min={min}
          max={max}
          unit={unit}
          onChange={setDraft}
        />
      </div>
      {hint && <p className={classes.hint}>{hint}</p>}
    </div>
  );
}
