import { number } from "./format.ts";

const whole = number({ maximumFractionDigits: 0 });
const fine = number({ maximumFractionDigits: 1 });

/** A size in the unit that suits it: `512 bytes`, `38.2 kB`, `1.4 GB`; a missing one is a dash. */
export function fileSize(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return fine(null);
  if (bytes < 1000) return `${whole(bytes)} bytes`;
  for (const [unit, size] of [
    ["kB", 1e3],
    ["MB", 1e6],
  ] as const)
    if (bytes < size * 999.95) return `${fine(bytes / size)} ${unit}`;
  return `${fine(bytes / 1e9)} GB`;
}
