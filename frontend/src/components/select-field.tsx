import { useId } from "react";
import classes from "./select-field.module.css";

interface SelectFieldProps {
  label: string;
  value: string;
  options: readonly { value: string; name: string }[];
  onChange: (value: string) => void;
  disabled?: boolean;
  /** A line under the field. */
  hint?: string;
}

/** One of a list, by the browser's own selection: it knows every keyboard and every small screen. */
export function SelectField({ label, value, options, onChange, disabled, hint }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
      {hint && <p id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
