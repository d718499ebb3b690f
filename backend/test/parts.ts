import { createLogger, type Settings, settingsSchema } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { closeDatabase, createApiKey, type Db, openDatabase, SCOPES, type Scope } from "@rossmann/warehouse";
import { type Api, type AppParts, buildApp } from "../src/index.ts";

/** Default settings, with some of them changed. */
export function settingsWith(changed: Partial<Settings> = {}): Settings {
  return Object.freeze({ ...settingsSchema.parse({}), home: "", ...changed });
}

/** A clock that a test moves: what the application remembers of a source grows old only then. */
export function movableClock(): { now: () => number; pass(ms: number): void } {
  let time = Date.UTC(2026, 0, 5);
  return {
    now: () => time,
    pass(ms) {
      time += ms;
    },
  };
}

/** An application on a database of a test. */
export function appOn(
  db: Db,
  options: {
    settings?: Partial<Settings>;
    now?: () => number;
    /** what the requests of the tests may do in the diagnostics; `null` sends no key of its own. Default: everything, as "tester" */
    scopes?: readonly Scope[] | null;
  } & Pick<AppParts, "dashboardDir"> = {},
): Api {
  const settings = settingsWith(options.settings);
  const app = buildApp({
    db,
    forecaster: createForecaster(db, { modelPath: settings.MODEL_PATH }),
    settings,
    effects: { now: options.now ?? Date.now, logger: createLogger("silent") },
    dashboardDir: options.dashboardDir,
  });
  const { scopes = SCOPES } = options;
  if (scopes === null) return app;
  app.addHook("onRequest", async ({ url, headers }) => {
    if (url.startsWith("/api/v1/diagnostics/")) headers["x-api-key"] ??= await testerKey(db, scopes);
  });
  return app;
}

const keys = new WeakMap<Db, Map<string, Promise<string>>>();

/** A key of the database's own "tester", made once; with fewer scopes the tester is named for them. */
function testerKey(db: Db, scopes: readonly Scope[]): Promise<string> {
  const name = scopes === SCOPES ? "tester" : `tester of ${scopes.join(" ")}`;
  const known = keys.get(db) ?? new Map<string, Promise<string>>();
  keys.set(db, known);
  const key =
    known.get(name) ?? createApiKey(db, { name, scopes, createdBy: "test" }).then(({ secret }) => secret);
  known.set(name, key);
  return key;
}

/** An application whose database refuses every connection. */
export function appWithoutDatabase(options: Parameters<typeof appOn>[1] = {}): {
  app: Api;
  close: () => Promise<void>;
} {
  // Port 1 is reserved and nobody listens there.
  const db = openDatabase("postgresql://nobody@127.0.0.1:1/nothing", { logger: createLogger("silent") });
  const app = appOn(db, options);
  return {
    app,
    async close() {
      await app.close();
      await closeDatabase(db);
    },
  };
}
