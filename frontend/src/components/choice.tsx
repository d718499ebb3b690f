import { NativeSelect } from "@mantine/core";
import { fieldLabel } from "./field-label.ts";

interface ChoiceProps<Value extends string> {
  label: string;
  options: readonly { value: Value; name: string }[];
  value: Value;
  onChange: (value: Value) => void;
  width?: number;
}

/** One of several in a list that the browser draws, so that it works on every screen and with every keyboard. */
export function Choice<Value extends string>({ label, options, value, onChange, width }: ChoiceProps<Value>) {
  return (
    <NativeSelect
      label={label}
      w={width}
      value={value}
      data={options.map((option) => ({ value: option.value, label: option.name }))}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen) onChange(chosen.value);
      }}
      labelProps={fieldLabel}
    />
  );
}
