import { type ReactNode, useId } from "react";
import classes from "./field.module.css";

/** A label above a control that is not an input of its own (buttons that open something, segments). */
export function Field({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a border and a legend that cannot be laid out
    <div className={classes.field} role="group" aria-labelledby={id}>
      <span id={id} className={classes.label}>
        {label}
      </span>
      {children}
    </div>
  );
}
