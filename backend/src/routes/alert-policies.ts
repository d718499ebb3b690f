import { type Policy, previewPolicy } from "@rossmann/alerts";
import { listPolicyHealth } from "@rossmann/warehouse";
import { ANSWER_LIMIT_MS, type Api, type Counter } from "../api.ts";
import { HttpRefusal } from "../errors.ts";
import { inhibitionAnswer, policiesSchema, policyAnswer } from "../schemas/alert-policies.ts";
import { previewAnswer, previewParamsSchema, previewQuerySchema, previewSchema } from "../schemas/alerts.ts";
import { responses } from "../schemas/responses.ts";

const POLICIES = "/diagnostics/preflight/alerts/policies";

export function addAlertPolicyRoutes(app: Api, { db, desk, settings, effects }: Counter): void {
  app.get(
    POLICIES,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "The alert policies in the order of their file, and how their last evaluation went",
        tags: ["alerts"],
        response: responses(policiesSchema, [400]),
      },
    },
    async (_request, reply) => {
      const file = await desk.policies.current();
      const health = new Map((await listPolicyHealth(db)).map((each) => [each.policyId, each]));
      const intervalMs = settings.PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS * 1_000;
      reply.header("cache-control", "no-store");
      return {
        path: desk.policies.name,
        version: file.version,
        items: file.policies.map((policy) => policyAnswer(policy, health.get(policy.id), intervalMs)),
        inhibitions: file.inhibitions.map(inhibitionAnswer),
        refusal: desk.policies.refusal()?.message ?? null,
      };
    },
  );

  app.get(
    `${POLICIES}/:policy_id/preview`,
    {
      handlerTimeout: ANSWER_LIMIT_MS,
      config: { access: "diagnostics:read" },
      schema: {
        summary: "How often a policy would have fired in the past, also with another threshold",
        tags: ["alerts"],
        params: previewParamsSchema,
        querystring: previewQuerySchema,
        response: responses(previewSchema, [400, 404]),
      },
    },
    async (request, reply) => {
      const { policies } = await desk.policies.current();
      const found = policies.find(({ id }) => id === request.params.policy_id);
      if (found === undefined) {
        throw new HttpRefusal(
          404,
          "policy_not_found",
          `there is no policy ${request.params.policy_id} in ${desk.policies.name}`,
        );
      }
      const { days, threshold = found.threshold } = request.query;
      reply.header("cache-control", "no-store");
      const preview = await previewPolicy(db, withThreshold(found, threshold), {
        days,
        now: new Date(effects.now()),
      });
      return previewAnswer(found.id, days, threshold, preview);
    },
  );
}

/** The distance to the threshold at which it resolves moves along. */
function withThreshold(policy: Policy, threshold: number): Policy {
  const moved = threshold - policy.threshold;
  return {
    ...policy,
    threshold,
    resolveThreshold: policy.resolveThreshold === null ? null : policy.resolveThreshold + moved,
  };
}
