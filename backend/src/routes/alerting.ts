import type { Api, Counter } from "../api.ts";
import { addAcknowledgementRoutes } from "./acknowledgements.ts";
import { addAlertAuditRoutes } from "./alert-audit.ts";
import { addAlertPolicyRoutes } from "./alert-policies.ts";
import { addAlertRoutes } from "./alerts.ts";
import { addSilenceRoutes } from "./silences.ts";

/** Everything that the bell room answers. */
export function addAlertingRoutes(api: Api, counter: Counter): void {
  addAlertRoutes(api, counter);
  addAlertPolicyRoutes(api, counter);
  addSilenceRoutes(api, counter);
  addAcknowledgementRoutes(api, counter);
  addAlertAuditRoutes(api, counter);
}
