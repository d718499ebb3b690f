const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FORM = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** What the grammar of {@link parseDurationMs} allows, for messages. */
export const DURATION_FORM = 'a duration like "90s", "10m", "1h30m" or "2d"';

/**
 * Milliseconds of a duration as people write it: `90s`, `10m`, `1h30m`, `2d`; a bare number is seconds.
 *
 * @returns null for anything else, also for a negative or broken number
 */
export function parseDurationMs(value: string | number): number | null {
  if (typeof value === "number")
    return Number.isFinite(value) && value >= 0 ? Math.round(value * 1_000) : null;
  const match = FORM.exec(value.trim());
  if (match === null || value.trim() === "") return null;
  return ["d", "h", "m", "s"].reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * UNIT_MS[unit]!, 0);
}

/** The shortest text that {@link parseDurationMs} reads back: `1h30m`; `0s` for nothing. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms / 1_000);
  let text = "";
  for (const [unit, seconds] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === "" ? "0s" : text;
}
