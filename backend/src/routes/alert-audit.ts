import { listAudit } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { auditAnswer, auditQuerySchema, auditSchema } from "../schemas/alert-audit.ts";
import { pageOf } from "../schemas/paging.ts";
import { responses } from "../schemas/responses.ts";

export function addAlertAuditRoutes(app: Api, { db }: Counter): void {
  app.get(
    "/diagnostics/preflight/alerts/audit",
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "What happened to alerts and what people did to them, newest first",
        tags: ["alerts"],
        querystring: auditQuerySchema,
        response: responses(auditSchema),
      },
    },
    async (request, reply) => {
      const { limit, cursor, alert_id, event_type, actor } = request.query;
      const rows = await listAudit(db, {
        alertId: alert_id,
        eventType: event_type?.toUpperCase(),
        actor,
        after: cursor,
        limit: limit + 1,
      });
      const { items, next_cursor } = pageOf(rows, limit, ({ eventId }) => eventId);
      reply.header("cache-control", "no-store");
      return { limit, next_cursor, items: items.map(auditAnswer) };
    },
  );
}
