import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { fieldLabel } from "../../../components/field-label.ts";

/** A line of the file, taken over with Enter or on leaving the field; empty = any line. */
export function LineField({
  value,
  onChange,
}: {
  value: number | null;
  onChange: (line: number | null) => void;
}) {
  const [draft, setDraft] = useState(value === null ? "" : String(value));
  useEffect(() => setDraft(value === null ? "" : String(value)), [value]);
  const commit = () => {
    const line = Number(draft);
    const next = /^\d{1,9}$/.test(draft.trim()) && line > 0 ? line : null;
    setDraft(next === null ? "" : String(next));
    if (next !== value) onChange(next);
  };
  return (
    <TextInput
      label="Line"
      labelProps={fieldLabel}
      w={100}
      inputMode="numeric"
      placeholder="any"
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
