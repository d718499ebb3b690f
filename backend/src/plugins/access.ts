import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { type Access, allows } from "../access.ts";
import type { Callers } from "../callers.ts";
import { refuseKeyInAddress } from "../credentials.ts";
import { HttpRefusal } from "../errors.ts";
import { rememberScrapers } from "../scrapers.ts";
import { keepToSources, refuseUnfiltered, sourceFieldsOf } from "../source-binding.ts";
import { refuseForeignPage } from "./cross-site.ts";

const METRICS = "/api/v1/diagnostics/metrics";

export interface AccessOptions {
  callers: Callers;
  /** sites whose pages may change something with a browser's session */
  origins: readonly string[];
  /** the mission's switch: metrics ask for no key */
  isMetricsOpen: boolean;
}

/**
 * Every request knows who asks, and every route of the API refuses whoever lacks what it asks for, before a body is read.
 * A route of the API without `config.access` ends the start.
 */
export function addAccess(app: FastifyInstance, options: AccessOptions): void {
  // Registered like any other plugin, so that the limit on requests, which came first, also speaks first.
  const plugin = async (root: FastifyInstance) => guardRoutes(root, options);
  app.register(Object.assign(plugin, { [Symbol.for("skip-override")]: true }));
}

function guardRoutes(app: FastifyInstance, { callers, origins, isMetricsOpen }: AccessOptions): void {
  app.decorateRequest("caller");
  const identifyScraper = rememberScrapers(callers);
  app.addHook("onRequest", async (request) => refuseKeyInAddress(request.url));
  app.addHook("onRoute", (route) => {
    const access = accessOf(route);
    if (access === "public" || (isMetricsOpen && route.url === METRICS)) return;
    const isDiagnostics = route.url.startsWith("/api/v1/diagnostics/");
    const fields = sourceFieldsOf(route.schema);
    const keepsByItself = access === "key" || route.config?.keepsToSources === true;
    route.onRequest = [
      ...[route.onRequest ?? []].flat(),
      async (request: FastifyRequest) => {
        const caller =
          route.url === METRICS
            ? await identifyScraper(request)
            : await callers.identify(request, isDiagnostics);
        request.caller = caller;
        if (caller.kind === "session") refuseForeignPage(request, origins);
        authorize(request, access);
        if (fields === null && !keepsByItself) refuseUnfiltered(caller);
      },
    ];
    if (fields !== null) {
      route.preHandler = [
        ...[route.preHandler ?? []].flat(),
        async (request: FastifyRequest) => keepToSources(request, fields, !keepsByItself),
      ];
    }
  });
}

/** What a route asks for. The documentation asks for any key, the files of the dashboard for none: they hold no data. */
function accessOf({ url, config, method }: RouteOptions): Access {
  if (config?.access !== undefined) return config.access;
  if (url.startsWith("/api/") && method !== "OPTIONS") {
    throw new Error(`${String(method)} ${url} does not say who may use it: give it config.access`);
  }
  return url.startsWith("/docs") || url === "/openapi.json" ? "key" : "public";
}

function authorize(request: FastifyRequest, access: Access): void {
  const { kind, name, scopes } = request.caller;
  if (kind !== "anonymous" && allows(scopes, access)) return;
  request.log.warn({ caller: name, needs: access, address: request.ip }, "refused for lack of rights");
  if (kind === "anonymous" || kind === "local") {
    throw new HttpRefusal(
      401,
      "key_required",
      `this asks for a key${access === "key" ? "" : ` with the scope ${access}`}: send it in the header X-API-Key, or sign in on the dashboard; "rossmann keys create" makes one`,
    );
  }
  throw new HttpRefusal(
    403,
    "scope_missing",
    `this asks for the scope ${access}, which "${name}" does not have; it has ${[...scopes].join(", ") || "none"}`,
  );
}
