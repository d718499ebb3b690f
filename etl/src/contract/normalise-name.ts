/**
 * The form in which headers, aliases and canonical names are compared: Unicode NFC, trimmed, lower-case, runs of blanks as one
 * underscore. `" Day Of Week "` and `day_of_week` are the same name.
 */
export function normaliseName(text: string): string {
  return text.normalize("NFC").trim().toLowerCase().replace(/\s+/gu, "_");
}
