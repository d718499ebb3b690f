import { acknowledgeAlert, unacknowledgeAlert } from "@rossmann/alerts";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import {
  acknowledgementAnswer,
  acknowledgementBodySchema,
  acknowledgementSchema,
} from "../schemas/acknowledgements.ts";
import { alertParamsSchema } from "../schemas/alerts.ts";
import { responses } from "../schemas/responses.ts";

const ALERT = "/diagnostics/preflight/alerts/:alert_id";

export function addAcknowledgementRoutes(app: Api, { db }: Counter): void {
  app.post(
    `${ALERT}/ack`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:operate" },
      schema: {
        summary: "Say that you look after an alert: it is not told again until it has resolved",
        tags: ["alerts"],
        params: alertParamsSchema,
        body: acknowledgementBodySchema,
        response: responses(acknowledgementSchema, [403, 404]),
      },
    },
    async (request) => {
      const { note, expires_at } = request.body;
      return acknowledgementAnswer(
        await acknowledgeAlert(db, request.params.alert_id, request.caller.name, {
          note,
          expiresAt: expires_at,
        }),
      );
    },
  );

  app.post(
    `${ALERT}/unack`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:operate" },
      schema: {
        summary: "Take an acknowledgement back; doing so again changes nothing",
        tags: ["alerts"],
        params: alertParamsSchema,
        response: responses(acknowledgementSchema, [403, 404]),
      },
    },
    async (request) =>
      acknowledgementAnswer(await unacknowledgeAlert(db, request.params.alert_id, request.caller.name)),
  );
}
