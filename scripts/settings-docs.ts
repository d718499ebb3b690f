import { settingsSchema } from "@rossmann/core";
import type { z } from "zod";

interface Variable {
  name: string;
  description: string;
  /** as one would write it in `.env`; empty when there is none */
  fallback: string;
}

/** The variables in the order of the schema. */
export function variables(): Variable[] {
  return Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const parsed = (schema as z.ZodType).safeParse(undefined);
    const fallback = parsed.success ? parsed.data : undefined;
    return {
      name,
      description: (schema as z.ZodType).description ?? "",
      fallback: fallback === undefined ? "" : String(fallback),
    };
  });
}

/** The configuration table of the README. */
export function settingsTable(): string {
  const rows = variables().map(
    ({ name, description, fallback }) =>
      `| \`${name}\` | ${fallback ? `\`${fallback}\`` : ""} | ${description} |`,
  );
  return ["| Variable | Default | Meaning |", "|---|---|---|", ...rows].join("\n");
}

/** `.env.example`: every variable with its meaning, commented out at its default. */
export function envExample(): string {
  const parts = variables().map(
    ({ name, description, fallback }) => `# ${description}\n#${name}=${fallback}\n`,
  );
  return `# Copy to .env and remove the # where you want another value. The process environment wins over this file.\n\n${parts.join("\n")}`;
}
