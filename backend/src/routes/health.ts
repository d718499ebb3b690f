import { pendingMigrations, pingDatabase } from "@rossmann/warehouse";
import type { Api, Counter } from "../api.ts";
import { healthSchema, type Readiness, readinessSchema } from "../schemas/health.ts";

/** A readiness check that takes longer than this has failed: whoever asks wants to know now. */
const CHECK_LIMIT_MS = 900;

export function addHealthRoutes(app: Api, counter: Counter): void {
  const alive = { summary: "The process answers", tags: ["health"], response: { 200: healthSchema } };
  app.get("/health", { config: { access: "public" }, schema: alive }, async () => ({
    status: "ok" as const,
  }));
  app.get("/health/live", { config: { access: "public" }, schema: alive }, async () => ({
    status: "ok" as const,
  }));
  app.get(
    "/health/ready",
    {
      config: { access: "public" },
      schema: {
        summary: "Requests can be answered now",
        tags: ["health"],
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const readiness = await readinessOf(counter);
      return reply
        .code(readiness.status === "ready" ? 200 : 503)
        .header("cache-control", "no-store")
        .send(readiness);
    },
  );
}

async function readinessOf({ db, sources, settings, isDraining }: Counter): Promise<Readiness> {
  const [database, migrations, model] = await Promise.all([
    holds(async () => (await pingDatabase(db)) !== ""),
    holds(async () => (await pendingMigrations(db)).length === 0),
    holds(async () => settings.MODEL_PATH !== undefined || (await sources.of()).modelVersion !== null),
  ]);
  const checks = { database: word(database), migrations: word(migrations), model: word(model) };
  if (isDraining()) return { status: "draining", checks };
  return { status: database && migrations && model ? "ready" : "not_ready", checks };
}

const word = (ok: boolean): "ok" | "failed" => (ok ? "ok" : "failed");

/** Whether a check says yes in time; a check that throws says no. */
async function holds(check: () => Promise<boolean>): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, CHECK_LIMIT_MS, false);
  try {
    return await Promise.race([check().catch(() => false), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
