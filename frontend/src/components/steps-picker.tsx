import { Segments } from "./segments.tsx";

const OPTIONS = [
  { value: "daily", name: "Days" },
  { value: "monthly", name: "Months" },
] as const;

type Steps = (typeof OPTIONS)[number]["value"];

/** How fine the series are drawn. */
export function StepsPicker({ value, onChange }: { value: Steps; onChange: (value: Steps) => void }) {
  return <Segments<Steps> label="Steps" options={OPTIONS} value={value} onChange={onChange} />;
}
