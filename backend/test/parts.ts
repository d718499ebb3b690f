import { createLogger, type Settings, settingsSchema } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { closeDatabase, type Db, openDatabase } from "@rossmann/warehouse";
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
  options: { settings?: Partial<Settings>; now?: () => number } & Pick<AppParts, "dashboardDir"> = {},
): Api {
  const settings = settingsWith(options.settings);
  return buildApp({
    db,
    forecaster: createForecaster(db, { modelPath: settings.MODEL_PATH }),
    settings,
    effects: { now: options.now ?? Date.now, logger: createLogger("silent") },
    dashboardDir: options.dashboardDir,
  });
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
