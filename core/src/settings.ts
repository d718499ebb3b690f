import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
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

/** Words for yes and no, as people write them in environment files. */
const yesNo = (fallback: boolean) =>
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(["1", "true", "yes", "on", "0", "false", "no", "off"], { error: "expected 1 or 0" }))
    .transform((word) => ["1", "true", "yes", "on"].includes(word))
    .default(fallback);

const commaList = () =>
  z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    );

const real = (low: number, high: number, fallback: number) =>
  z.coerce.number(`expected a number`).min(low).max(high).default(fallback);

function isAddressOrNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

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
  POSTGRES_HOST: z
    .string()
    .optional()
    .describe("Instead of DATABASE_URL: host of the server, together with the four variables below"),
  POSTGRES_PORT: whole(1, 65_535, 5432).describe("Port of POSTGRES_HOST"),
  POSTGRES_DB: z.string().default("rossmann").describe("Database on POSTGRES_HOST"),
  POSTGRES_USER: z.string().default("rossmann_user").describe("User on POSTGRES_HOST"),
  POSTGRES_PASSWORD: z
    .string()
    .optional()
    .describe("Password of POSTGRES_USER; docker-compose.yml does not start without it"),
  ROSSMANN_HOME: z
    .string()
    .optional()
    .describe("Folder for the embedded database, models and logs; default .rossmann"),
  BACKEND_HOST: z.string().default("127.0.0.1").describe("Address the API listens on"),
  BACKEND_PORT: whole(0, 65_535, 8000).describe("Port of the API and the dashboard; 0 takes any free one"),
  VITE_API_BASE_URL: z
    .string()
    .optional()
    .describe("Where the bundled dashboard finds the API; default /api/v1 of the address it came from"),
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
  SESSION_HOURS: whole(1, 720, 12).describe("Hours until a browser has to sign in again"),
  TRUSTED_PROXIES: commaList()
    .refine((all) => all.every(isAddressOrNetwork), "expected addresses or networks like 10.0.0.0/8")
    .describe(
      "Addresses or networks of reverse proxies whose X-Forwarded-For is believed, separated by commas; none by default",
    ),
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
  CONTRACTS_REGISTRY_PATH: z
    .string()
    .optional()
    .describe("Registry of input contracts; default config/input_contract/contracts_registry.yaml"),
  PREFLIGHT_MODE: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["off", "report_only", "enforce"], "expected off, report_only or enforce"))
    .optional()
    .describe("What a load does with the input contract: off (default), report_only or enforce"),
  PREFLIGHT_CONTRACT_ID: z
    .string()
    .optional()
    .describe("Contract that files are judged by; default the one of the data source"),
  PREFLIGHT_CONTRACT_VERSION: z
    .string()
    .optional()
    .describe("Version of PREFLIGHT_CONTRACT_ID; default the newest"),
  PREFLIGHT_CONTRACT_PATH: z
    .string()
    .optional()
    .describe("Contract file to use instead of a contract of the registry"),
  PREFLIGHT_PROFILE: z
    .string()
    .optional()
    .describe("Profile of the contract for every file that has none of its own"),
  PREFLIGHT_PROFILE_TRAIN: z.string().optional().describe("Profile for the sales file; default train"),
  PREFLIGHT_PROFILE_STORE: z.string().optional().describe("Profile for the store file; default store"),
  PREFLIGHT_PROFILE_FUTURE: z
    .string()
    .optional()
    .describe("Profile for the file of coming days; default known_future"),
  UPLOAD_DIR: z
    .string()
    .optional()
    .describe(
      "Folder for deliveries that come in by the API until they are loaded, the same for the API and its workers; default uploads in ROSSMANN_HOME",
    ),
  UPLOAD_LIMIT_MB: whole(1, 1_000_000, 2048).describe("Largest file that may be uploaded, in megabytes"),
  PREFLIGHT_ARTIFACT_DIR: z
    .string()
    .optional()
    .describe("Folder of preflight reports, for loads and for the API; default etl/reports/preflight"),
  DIAGNOSTICS_AUTH_ENABLED: yesNo(true).describe(
    "Diagnostics routes ask for a key; 0 opens them to everybody who reaches the server, for a demo on one machine",
  ),
  DIAGNOSTICS_AUTH_ALLOW_LEGACY_ACTOR: yesNo(false).describe(
    "Let requests without a key into the diagnostics, under the name legacy-local",
  ),
  DIAGNOSTICS_METRICS_AUTH_DISABLED: yesNo(false).describe(
    "Let anybody read /api/v1/diagnostics/metrics, for a scraper that sends no key",
  ),
  PREFLIGHT_ALERT_POLICY_PATH: z
    .string()
    .optional()
    .describe("File of the alert policies; default config/preflight_alert_policies.yaml"),
  PREFLIGHT_ALERTS_ALLOW_EVALUATE: yesNo(false).describe("Allow evaluating the alert policies by a request"),
  PREFLIGHT_ALERTS_SCHEDULER_ENABLED: yesNo(true).describe("Evaluate the alert policies on a schedule"),
  PREFLIGHT_ALERTS_SCHEDULER_AUTO_START: yesNo(true).describe(
    "Start the schedulers with the API; without it only workers run them",
  ),
  PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS: whole(1, 86_400, 60).describe(
    "Seconds from one evaluation of the alert policies to the next",
  ),
  PREFLIGHT_ALERTS_SCHEDULER_LEASE_ENABLED: yesNo(true).describe(
    "Only one process at a time evaluates; without it processes still share the ticks, each tick once",
  ),
  PREFLIGHT_ALERTS_SCHEDULER_LEASE_NAME: z
    .string()
    .max(100)
    .default("preflight_alerts_scheduler")
    .describe("Name of that lease, for several installations in one database"),
  PREFLIGHT_ALERTS_SILENCE_MAX_DAYS: whole(1, 3650, 30).describe("Longest time one silence may last"),
  PREFLIGHT_NOTIFICATIONS_SCHEDULER_ENABLED: yesNo(true).describe("Deliver notifications on a schedule"),
  PREFLIGHT_NOTIFICATIONS_INTERVAL_SECONDS: whole(1, 86_400, 30).describe(
    "Longest wait before due notifications are looked for again",
  ),
  PREFLIGHT_NOTIFICATIONS_DISPATCH_BATCH_SIZE: whole(1, 1000, 50).describe("Notifications claimed at once"),
  PREFLIGHT_NOTIFICATION_CHANNELS_PATH: z
    .string()
    .optional()
    .describe("File of the notification channels; default config/preflight_notification_channels.yaml"),
  PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS: commaList().describe(
    "Private networks that notifications may be sent to, separated by commas (127.0.0.1/32); none by default",
  ),
  RETENTION_ENABLED: yesNo(true).describe("Remove old rows on a schedule; RETENTION_*_DAYS say how old"),
  RETENTION_INTERVAL_HOURS: whole(1, 168, 1).describe("Hours from one removal of old rows to the next"),
  RETENTION_ALERTS_DAYS: whole(0, 36_500, 400).describe(
    "Days that the history of alerts and ended silences are kept; 0 keeps them for ever",
  ),
  RETENTION_AUDIT_DAYS: whole(0, 36_500, 800).describe("Days that the audit trail is kept; 0: for ever"),
  RETENTION_DELIVERIES_DAYS: whole(0, 36_500, 90).describe(
    "Days that finished notifications and their delivery attempts are kept; 0: for ever",
  ),
  RETENTION_RUNS_DAYS: whole(0, 36_500, 400).describe(
    "Days that preflight runs, loads, forecasts and trainings without a model are kept; 0: for ever",
  ),
  PREFLIGHT_ALERTS_WEBHOOK_URL: z
    .string()
    .optional()
    .describe("Address that the shipped channel default_webhook sends to"),
  PREFLIGHT_ALERTS_WEBHOOK_SIGNING_SECRET: z
    .string()
    .optional()
    .describe(
      "Secret that signs what default_webhook sends; whsec_… also gives Standard Webhooks signatures",
    ),
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
  const values = readEnvironment(environment, folder);
  const parsed = settingsSchema.safeParse(values);
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        const shown = isSecretName(name) ? "(hidden)" : JSON.stringify(values[name]);
        return `${name} is ${shown}: ${issue.message}`;
      }),
    );
  }
  const DATABASE_URL = parsed.data.DATABASE_URL ?? urlOfParts(parsed.data);
  return Object.freeze({
    ...parsed.data,
    DATABASE_URL,
    home: resolve(folder, parsed.data.ROSSMANN_HOME ?? ".rossmann"),
  });
}

/** The address of `POSTGRES_HOST`; none without it. Its parts may hold any character. */
function urlOfParts(parts: z.infer<typeof settingsSchema>): string | undefined {
  const { POSTGRES_HOST: host, POSTGRES_USER: user, POSTGRES_PASSWORD: password } = parts;
  if (host === undefined) return undefined;
  if (password === undefined)
    throw new SettingsError(["POSTGRES_HOST is set but POSTGRES_PASSWORD is not: set it, or DATABASE_URL"]);
  const account = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `postgresql://${account}@${host}:${parts.POSTGRES_PORT}/${encodeURIComponent(parts.POSTGRES_DB)}`;
}

/** Whether the value of a variable may not be shown: passwords, keys, and addresses that may carry one. */
export const isSecretName = (name: string): boolean => /PASSWORD|SECRET|KEY|URL|SALT/.test(name);

/** Where the value of a variable comes from. */
export type SettingOrigin = "environment" | ".env" | "default";

/** Which of the two places names a variable; the environment wins. */
export function settingOrigin(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): SettingOrigin {
  if (environment[name]?.trim()) return "environment";
  return readEnvFile(folder)[name]?.trim() ? ".env" : "default";
}

/** Variables of `.env` that the platform does not know: misspelt ones, and those of other programs. */
export function unknownVariables(folder: string = process.cwd()): string[] {
  return Object.keys(readEnvFile(folder)).filter((name) => !(name in settingsSchema.shape));
}

/**
 * Every variable of the process and of `.env` in the folder (the process wins), trimmed, without the empty ones: what
 * configuration files may refer to by name.
 */
export function readEnvironment(
  environment: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...readEnvFile(folder), ...environment })) {
    if (value !== undefined && value.trim() !== "") values[name] = value.trim();
  }
  return values;
}

/** `.env` with or without a byte-order mark, with either line end; absent means empty. */
function readEnvFile(folder: string): NodeJS.Dict<string> {
  const path = resolve(folder, ".env");
  if (!existsSync(path)) return {};
  return parseEnv(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
}
