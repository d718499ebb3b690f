import { z } from "zod";

/**
 * Where a page of a list ended, as text that clients hand back and need not understand: base64url of a JSON list. The
 * parts are the sort key of the last item.
 */
export function cursorText(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/**
 * A cursor in a query, read back into its parts.
 *
 * @param parts form of the parts, in the order in which they were written
 */
export const cursor = <Parts extends z.ZodType<readonly string[]>>(parts: Parts) =>
  z
    .string()
    .max(1000)
    .transform((text, context): z.output<Parts> => {
      const read = parts.safeParse(jsonOf(text));
      if (read.success) return read.data;
      context.addIssue("must be the next_cursor of the page before, unchanged");
      return z.NEVER;
    })
    .meta({ type: "string", description: "next_cursor of the page before; absent for the first page" });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
