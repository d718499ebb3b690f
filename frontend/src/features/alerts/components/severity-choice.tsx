import { Choice } from "../../../components/choice.tsx";
import type { Alert } from "../../../lib/api-types.ts";
import { SEVERITIES } from "../params.ts";
import { SEVERITY } from "../words.ts";

interface SeverityChoiceProps {
  /** null for any */
  value: Alert["severity"] | null;
  onChange: (value: Alert["severity"] | null) => void;
}

/** Alerts of one severity, or of any. */
export default function SeverityChoice({ value, onChange }: SeverityChoiceProps) {
  return (
    <Choice
      label="Severity"
      width={150}
      value={value ?? ""}
      options={[
        { value: "", name: "Any severity" },
        ...SEVERITIES.map((severity) => ({ value: severity, name: SEVERITY[severity].word })),
      ]}
      onChange={(severity) => onChange(severity === "" ? null : severity)}
    />
  );
}
