import { type Inhibition, previewEvaluation } from "@rossmann/alerts";
import { listActiveAlerts, listAlertHistory, type StoredAlert } from "@rossmann/warehouse";
import type { z } from "zod";
import { allows, type Caller } from "../access.ts";
import { quietingOf } from "../alert-quiet.ts";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import {
  type ActiveAlerts,
  activeAlertsQuerySchema,
  activeAlertsSchema,
  alertAnswer,
  alertHistoryQuerySchema,
  alertHistorySchema,
  evaluatedAnswer,
  evaluationSchema,
  transitionAnswer,
} from "../schemas/alerts.ts";
import { pageOf } from "../schemas/paging.ts";
import { responses } from "../schemas/responses.ts";

const ALERTS = "/diagnostics/preflight/alerts";

export function addAlertRoutes(app: Api, counter: Counter): void {
  const { db, desk, settings } = counter;

  app.get(
    `${ALERTS}/active`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read", keepsToSources: true },
      schema: {
        summary: "Alerts that are pending or firing, and what keeps them quiet",
        tags: ["alerts"],
        querystring: activeAlertsQuerySchema,
        response: responses(activeAlertsSchema, [400]),
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      const { auto_evaluate, ...filter } = request.query;
      if (!auto_evaluate) return storedAlerts(counter, filter, request.caller);
      // An evaluation is about every data source: whoever is bound to some changes nothing by it.
      const mayStore =
        allows(request.caller.scopes, "diagnostics:operate") && request.caller.dataSourceIds === null;
      if (!mayStore) return previewedAlerts(counter, filter, request.caller);
      const { at } = await desk.evaluate(request.caller.name);
      return { ...(await storedAlerts(counter, filter, request.caller)), evaluated_at: at.toISOString() };
    },
  );

  app.get(
    `${ALERTS}/history`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read", keepsToSources: true },
      schema: {
        summary: "Every change of an alert's state, newest first, with the policy as it was then",
        tags: ["alerts"],
        querystring: alertHistoryQuerySchema,
        response: responses(alertHistorySchema),
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      const { limit, cursor, alert_id, policy_id, status, severity } = request.query;
      const rows = await listAlertHistory(db, {
        alertId: alert_id,
        policyId: policy_id,
        status,
        severity,
        after: cursor,
        limit: limit + 1,
        dataSourceIds: request.caller.dataSourceIds,
      });
      const page = pageOf(rows, limit, ({ id }) => id);
      return { limit, next_cursor: page.next_cursor, items: page.items.map(transitionAnswer) };
    },
  );

  app.post(
    `${ALERTS}/evaluate`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:admin" },
      schema: {
        summary: "Evaluate every policy now; PREFLIGHT_ALERTS_ALLOW_EVALUATE must allow it",
        tags: ["alerts"],
        response: responses(evaluationSchema, [400, 403]),
      },
    },
    async (request) => {
      if (!settings.PREFLIGHT_ALERTS_ALLOW_EVALUATE) {
        throw new HttpRefusal(
          403,
          "evaluate_disabled",
          "evaluating by a request is switched off; set PREFLIGHT_ALERTS_ALLOW_EVALUATE=1 to allow it",
        );
      }
      const file = await desk.policies.current();
      const { at, alerts, errors } = await desk.evaluate(request.caller.name);
      const quieting = await quietingOf(
        db,
        alerts.map(({ alert }) => alert),
        file.inhibitions,
      );
      const items = alerts.map((each) => evaluatedAnswer(each, quieting));
      return {
        evaluated_at: at.toISOString(),
        total_policies: file.policies.filter(({ enabled }) => enabled).length,
        active_count: items.filter(({ status }) => status === "PENDING" || status === "FIRING").length,
        items,
        errors: errors.map(({ policyId, message }) => ({ policy_id: policyId, message })),
        policy_path: desk.policies.name,
        version: file.version,
      };
    },
  );
}

type ActiveFilter = Omit<z.output<typeof activeAlertsQuerySchema>, "auto_evaluate">;

/** As the last evaluation left them. */
async function storedAlerts(
  { db, desk, effects }: Counter,
  filter: ActiveFilter,
  caller: Caller,
): Promise<ActiveAlerts> {
  const { total, alerts } = await listActiveAlerts(db, {
    severity: filter.severity,
    status: filter.status,
    policyId: filter.policy_id,
    sourceName: filter.source_name,
    limit: filter.limit,
    dataSourceIds: caller.dataSourceIds,
  });
  // Alerts can be seen while no policy file is usable; only who holds whom back is not known then.
  const inhibitions = await desk.policies.current().then(
    (file) => file.inhibitions,
    () => [],
  );
  return activeAnswer(db, { at: new Date(effects.now()), isPreview: false, total, alerts, inhibitions });
}

/** As an evaluation would leave them, for whoever may not change anything. */
async function previewedAlerts(
  { db, desk, effects }: Counter,
  filter: ActiveFilter,
  caller: Caller,
): Promise<ActiveAlerts> {
  const policies = await desk.policies.current();
  const { at, alerts } = await previewEvaluation(db, { policies, logger: effects.logger });
  const active = alerts
    .map(({ alert }) => alert)
    .filter((alert) => alert.status === "PENDING" || alert.status === "FIRING")
    .filter((alert) => maySee(caller, alert) && matches(filter, alert))
    .sort((a, b) => RANK[b.severity]! - RANK[a.severity]! || (a.alertId < b.alertId ? -1 : 1));
  return activeAnswer(db, {
    at,
    isPreview: true,
    total: active.length,
    alerts: active.slice(0, filter.limit),
    inhibitions: policies.inhibitions,
  });
}

const RANK: Readonly<Record<string, number>> = { HIGH: 3, MEDIUM: 2, LOW: 1 };

function matches(filter: ActiveFilter, alert: StoredAlert): boolean {
  return (
    (filter.severity ?? alert.severity) === alert.severity &&
    (filter.status ?? alert.status) === alert.status &&
    (filter.policy_id ?? alert.policyId) === alert.policyId &&
    (filter.source_name ?? alert.sourceName) === alert.sourceName
  );
}

function maySee(caller: Caller, { labels }: StoredAlert): boolean {
  return (
    caller.dataSourceIds === null ||
    labels.data_source === undefined ||
    caller.dataSourceIds.map(String).includes(labels.data_source)
  );
}

async function activeAnswer(
  db: Counter["db"],
  found: { at: Date; isPreview: boolean; total: number; alerts: StoredAlert[]; inhibitions: Inhibition[] },
): Promise<ActiveAlerts> {
  const { active, quieting } = await withQuieting(db, found.alerts, found.inhibitions);
  return {
    evaluated_at: found.at.toISOString(),
    is_preview: found.isPreview,
    total_active: found.total,
    items: active.map((alert) => alertAnswer(alert, quieting)),
  };
}

/** A louder alert may be one that the filter left out. */
async function withQuieting(db: Counter["db"], active: StoredAlert[], inhibitions: Inhibition[]) {
  const { alerts: firing } =
    inhibitions.length === 0
      ? { alerts: [] }
      : await listActiveAlerts(db, { status: "FIRING", limit: 1_000 });
  const all = new Map([...firing, ...active].map((alert) => [alert.alertId, alert]));
  return { active, quieting: await quietingOf(db, [...all.values()], inhibitions) };
}
