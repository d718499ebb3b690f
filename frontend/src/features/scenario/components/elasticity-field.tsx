import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { fieldLabel } from "../../../components/field-label.ts";
import { oneDecimal } from "../../../lib/format.ts";
import { LARGEST_ELASTICITY } from "../draft.ts";

interface ElasticityFieldProps {
  value: number | null;
  /** What the server assumes; null while unknown. */
  usual: number | null;
  onChange: (value: number | null) => void;
}

/** How much volume a percent of price costs: an assumption, since no price is in the data. Emptied, the usual one holds. */
export function ElasticityField({ value, usual, onChange }: ElasticityFieldProps) {
  const [text, setText] = useState(value === null ? "" : String(value));
  useEffect(() => setText(value === null ? "" : String(value)), [value]);
  const commit = () => {
    const typed = Number(text.replace(",", "."));
    const next =
      text.trim() === "" || !Number.isFinite(typed)
        ? null
        : Math.round(Math.min(LARGEST_ELASTICITY, Math.max(0, typed)) * 100) / 100;
    setText(next === null ? "" : String(next));
    if (next !== value) onChange(next);
  };
  return (
    <TextInput
      label="Price elasticity (assumed)"
      labelProps={fieldLabel}
      description="Percent of volume lost for each percent of price; no price is in the data."
      inputWrapperOrder={["label", "input", "description"]}
      inputMode="decimal"
      placeholder={usual === null ? undefined : oneDecimal(usual)}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
