import type { Api, Counter } from "../api.ts";
import { addActualsRoutes } from "./actuals.ts";
import { addBatchRoutes } from "./batch.ts";
import { addKnownFutureRoutes } from "./known-future.ts";
import { addOverrideRoutes } from "./overrides.ts";
import { addPlanningRunRoutes } from "./planning-runs.ts";
import { addSavedScenarioRoutes } from "./saved-scenarios.ts";
import { addScenarioRoutes } from "./scenario.ts";

/** What planners ask for beyond the forecast of one store. */
export function addPlanningRoutes(api: Api, counter: Counter): void {
  addKnownFutureRoutes(api, counter);
  addBatchRoutes(api, counter);
  addScenarioRoutes(api, counter);
  addSavedScenarioRoutes(api, counter);
  addOverrideRoutes(api, counter);
  addActualsRoutes(api, counter);
  addPlanningRunRoutes(api, counter);
}
