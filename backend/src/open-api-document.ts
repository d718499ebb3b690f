import { createLogger, settingsSchema } from "@rossmann/core";
import { createForecaster } from "@rossmann/ml";
import { closeDatabase, openDatabase } from "@rossmann/warehouse";
import { buildApp } from "./app.ts";

/** Never connected to: the document is made of schemas alone. */
const NOWHERE = "postgresql://nobody@localhost:1/nothing";

/** The OpenAPI 3.1 document of the whole API: what `docs/openapi.json` holds and `/openapi.json` answers. */
export async function openApiDocument(): Promise<object> {
  const settings = Object.freeze({ ...settingsSchema.parse({}), home: "" });
  const logger = createLogger("silent");
  const db = openDatabase(NOWHERE);
  const app = buildApp({
    db,
    forecaster: createForecaster(db),
    settings,
    effects: { now: Date.now, logger },
  });
  try {
    await app.ready();
    return app.swagger();
  } finally {
    await app.close();
    await closeDatabase(db);
  }
}
