import { parseAsStringLiteral } from "nuqs";
import { Segments } from "./segments.tsx";

const LEVELS = ["80", "90", "95"] as const;
export type Level = (typeof LEVELS)[number];

/** How sure the intervals are, in the address. */
export const levelParam = parseAsStringLiteral(LEVELS).withDefault("80");

/** Of a hundred days, how many are to fall inside of the interval. */
export function LevelPicker({ value, onChange }: { value: Level; onChange: (level: Level) => void }) {
  return (
    <Segments
      label="Confidence"
      options={LEVELS.map((level) => ({ value: level, name: `${level}%` }))}
      value={value}
      onChange={onChange}
    />
  );
}
