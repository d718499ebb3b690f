import type { Api, Counter } from "../api.ts";
import { addAcknowledgementRoutes } from "./acknowledgements.ts";
import { addAlertAuditRoutes } from "./alert-audit.ts";
import { addAlertPolicyRoutes } from "./alert-policies.ts";
import { addAlertRoutes } from "./alerts.ts";
import { addEndpointRoutes } from "./endpoints.ts";
import { addLiveRoutes } from "./live.ts";
import { addNotificationActionRoutes } from "./notification-actions.ts";
import { addNotificationStatisticsRoutes } from "./notification-statistics.ts";
import { addNotificationRoutes } from "./notifications.ts";
import { addSilenceRoutes } from "./silences.ts";

/** Everything that the bell room answers. */
export function addAlertingRoutes(api: Api, counter: Counter): void {
  addAlertRoutes(api, counter);
  addAlertPolicyRoutes(api, counter);
  addSilenceRoutes(api, counter);
  addAcknowledgementRoutes(api, counter);
  addAlertAuditRoutes(api, counter);
  addNotificationRoutes(api, counter);
  addNotificationStatisticsRoutes(api, counter);
  addNotificationActionRoutes(api, counter);
  addEndpointRoutes(api, counter);
  addLiveRoutes(api, counter);
}
