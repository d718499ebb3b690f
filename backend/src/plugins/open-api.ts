import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { z } from "zod";
import type { Access } from "../access.ts";
import { SESSION_COOKIE } from "../credentials.ts";
import { API_VERSION } from "../version.ts";

/**
 * A value that is taken in several forms is documented by the one to write, which its `meta` gives. Answers may gain fields,
 * and that a whole number is a safe one goes without saying.
 */
const zodToJsonConfig = {
  override: ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    if (jsonSchema.type !== undefined) delete jsonSchema.anyOf;
    if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
};
const transform = createJsonSchemaTransform({ zodToJsonConfig });
const transformObject = createJsonSchemaTransformObject({ zodToJsonConfig });

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
      components: {
        securitySchemes: {
          apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
          bearer: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
        },
      },
    },
    transform: (part) => withAccess(transform(part), part.route.config?.access),
    transformObject: (document) => withoutUnused(transformObject(document)),
  });
  app.register(swaggerUi, {
    routePrefix: "/docs",
    theme: {
      title: "Rossmann sales forecasting: API",
      // The bar over the page asks for the address of another document; there is only this one.
      css: [{ filename: "one-document.css", content: ".swagger-ui .topbar { display: none }" }],
    },
  });
  app.register(async (scope) => {
    scope.get("/openapi.json", { schema: { hide: true } }, async () => scope.swagger());
  });
}

/** Says which scope a route asks for; on loopback alone business data asks for none. */
function withAccess<Part extends { schema: object }>(part: Part, access: Access | undefined): Part {
  if (access === undefined || access === "public") return part;
  const keys = [{ apiKey: [] }, { bearer: [] }, { session: [] }];
  const security = access.startsWith("diagnostics:") ? keys : [...keys, {}];
  return { ...part, schema: { ...part.schema, security, "x-scope": access } };
}

type OpenApiDocument = ReturnType<typeof transformObject>;

/** Each schema is registered once for requests and once for answers; the half that no route refers to goes. */
function withoutUnused(document: OpenApiDocument): OpenApiDocument {
  if (!("components" in document)) return document;
  const schemas = document.components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (part: unknown) => {
    for (const [, name = ""] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name] ?? null);
    }
  };
  visit(document.paths ?? null);
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...document.components, schemas: kept } } as OpenApiDocument;
}
