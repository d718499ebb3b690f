import { useId } from "react";
import { Field } from "./field.tsx";
import classes from "./segments.module.css";

interface SegmentsProps<Value extends string> {
  label: string;
  options: readonly { value: Value; name: string }[];
  /** null = none of them. */
  value: Value | null;
  onChange: (value: Value) => void;
}

/** One of a few, side by side: radio buttons in the dress of a switch. */
export function Segments<Value extends string>({ label, options, value, onChange }: SegmentsProps<Value>) {
  const name = useId();
  return (
    <Field label={label}>
      <div className={classes.segments}>
        {options.map((option) => (
          <label key={option.value} className={classes.segment}>
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
    </Field>
  );
}
