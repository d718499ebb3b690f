import { createLogger, type Settings, settingsSchema } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { closeDatabase, openDatabase } from "@rossmann/warehouse";
import { type Api, type AppParts, buildApp } from "../src/index.ts";

/** Default settings, with some of them changed. */
export function settingsWith(changed: Partial<Settings> = {}): Settings {
  return Object.freeze({ ...settingsSchema.parse({}), home: "", ...changed });
}

/** An application whose database refuses every connection. */
export function appWithoutDatabase(
  options: { settings?: Partial<Settings> } & Pick<AppParts, "dashboardDir">,
): { app: Api; close: () => Promise<void> } {
  const settings = settingsWith(options.settings);
  const logger = createLogger("silent");
  // Port 1 is reserved and nobody listens there.
  const db = openDatabase("postgresql://nobody@127.0.0.1:1/nothing", { logger });
  const app = buildApp({
    db,
    forecaster: createForecaster(db),
    settings,
    effects: { now: Date.now, logger },
    dashboardDir: options.dashboardDir,
  });
  return {
    app,
    async close() {
      await app.close();
      await closeDatabase(db);
    },
  };
}
