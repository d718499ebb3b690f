/**
 * The key of a calendar day in the warehouse: its digits as a number, `2015-07-31` → 20150731. It orders like the date, so
 * ranges need no join to `dim_date`.
 */
export function dateIdOf(isoDate: string): number {
  return (
    Number(isoDate.slice(0, 4)) * 10_000 + Number(isoDate.slice(5, 7)) * 100 + Number(isoDate.slice(8, 10))
  );
}

/** The `YYYY-MM-DD` of a {@link dateIdOf}. */
export function isoDateOfId(dateId: number): string {
  const digits = String(dateId).padStart(8, "0");
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
}
