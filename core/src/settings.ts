import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { AppError } from "./errors.ts";

/** A variable has a value that cannot be used; the message lists every such variable at once. */
export class SettingsError extends AppError {
  constructor(faults: string[]) {
    super("settings_invalid", "invalid", `settings cannot be used: ${faults.join("; ")}`);
  }
}

const whole = (low: number, high: number, fallback: number) =>
  z.coerce
    .number(`expected a whole number`)
    .int("expected a whole number")
    .min(low)
    .max(high)
    .default(fallback);

const real = (low: number, high: number, fallback: number) =>
  z.coerce.number(`expected a number`).min(low).max(high).default(fallback);

/**
 * Every variable that the platform reads, from the process environment or from `.env` in the working directory (the
 * environment wins). An empty value counts as absent. The description is what `.env.example` and the README print.
 */
export const settingsSchema = z.object({
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?(\+psycopg2)?$/,
      error: "expected a URL like postgresql://user:password@host:5432/database",
    })
    .transform((url) => url.replace("+psycopg2", ""))
    .optional()
    .describe("PostgreSQL 15 or newer; when absent the platform starts its own embedded server"),
  ROSSMANN_HOME: z
    .string()
    .optional()
    .describe("Folder for the embedded database, models and logs; default .rossmann"),
  BACKEND_HOST: z.string().default("127.0.0.1").describe("Address the API listens on"),
  BACKEND_PORT: whole(0, 65_535, 8000).describe("Port of the API and the dashboard; 0 takes any free one"),
  CORS_ORIGINS: z
    .string()
    .default("http://localhost:5173")
    .transform((text) =>
      text
        .split(",")
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .describe("Origins of other sites that may call the API, separated by commas"),
  RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000, 6000).describe("Requests one address may make per minute"),
  DATABASE_POOL_SIZE: whole(2, 200, 10).describe("Connections one process keeps to the database"),
  MODEL_PATH: z.string().optional().describe("Use this model file instead of the registry's champion"),
  MODEL_METADATA_PATH: z.string().optional().describe("Metadata file that belongs to MODEL_PATH"),
  DATA_SOURCE_ID: z.coerce
    .number("expected a whole number")
    .int()
    .positive()
    .optional()
    .describe("Data source that commands use when none is named"),
  SCENARIO_PRICE_ELASTICITY: real(0, 10, 1).describe(
    "Percent of volume lost for each percent of price increase, where a request names none",
  ),
  SCENARIO_MAX_SEGMENT_STORES: whole(1, 10_000, 1200).describe(
    "Largest number of stores one segment scenario may span",
  ),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("Lowest level that is logged"),
  PREFLIGHT_MODE: z
    .enum(["off", "report_only", "enforce"])
    .default("off")
    .describe("What a load does with the input contract"),
});

/** All settings, parsed once at the edge (`cli`, `server.ts`), frozen, and passed down. */
export type Settings = Readonly<z.infer<typeof settingsSchema>> & { readonly home: string };

/**
 * Read the settings.
 *
 * @param environment variables of the process
 * @param folder      where `.env` is looked for, and against which a relative `ROSSMANN_HOME` is resolved
 * @throws {SettingsError} naming every variable that cannot be used, what it held and what was expected
 */
export function readSettings(
  environment: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): Settings {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...readEnvFile(folder), ...environment })) {
    if (value !== undefined && value.trim() !== "") values[name] = value.trim();
  }
  const parsed = settingsSchema.safeParse(values);
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        const shown = /PASSWORD|SECRET|KEY|URL/.test(name) ? "(hidden)" : JSON.stringify(values[name]);
        return `${name} is ${shown}: ${issue.message}`;
      }),
    );
  }
  return Object.freeze({ ...parsed.data, home: resolve(folder, parsed.data.ROSSMANN_HOME ?? ".rossmann") });
}

/** `.env` with or without a byte-order mark, with either line end; absent means empty. */
function readEnvFile(folder: string): NodeJS.Dict<string> {
  const path = resolve(folder, ".env");
  if (!existsSync(path)) return {};
  return parseEnv(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
}
