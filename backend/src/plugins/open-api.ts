import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { API_VERSION } from "../version.ts";

/** OpenAPI 3.1 at `/openapi.json`, a page to read and try it at `/docs`. */
export function addOpenApi(app: FastifyInstance): void {
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Rossmann sales forecasting",
        version: API_VERSION,
        description:
          "Sales of a chain of shops, and forecasts with intervals. Refusals are RFC 9457 problem documents.",
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/" }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.register(swaggerUi, { routePrefix: "/docs" });
  app.register(async (scope) => {
    scope.get("/openapi.json", { schema: { hide: true } }, async () => scope.swagger());
  });
}
