import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Vite puts a hash of the content into these names: what was loaded once is right for ever. */
const HASHED_FOLDER = `${sep}assets${sep}`;

/**
 * The first page of a built dashboard.
 *
 * @param folder what `npm run build` wrote
 * @returns `null` when there is none
 */
export function dashboardPage(folder: string | undefined): string | null {
  const page = folder === undefined ? "" : join(folder, "index.html");
  return existsSync(page) ? readFileSync(page, "utf8") : null;
}

/**
 * Serve the built dashboard: files by their name, its first page for every other address a person may have bookmarked, so
 * that the router in the browser finds its way.
 */
export function addDashboard(app: FastifyInstance, folder: string, page: string): void {
  app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header(
        "cache-control",
        path.includes(HASHED_FOLDER) ? "public, max-age=31536000, immutable" : "no-cache",
      );
    },
  });
  app.register(async (scope) => {
    scope.get("/*", { schema: { hide: true } }, (request, reply) => {
      const path = request.url.split("?", 1)[0] ?? "/";
      // A missing script must not become a page, nor a mistyped API route.
      if (/\.\w+$/.test(path) || path.startsWith("/api/")) return reply.callNotFound();
      return reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").send(page);
    });
  });
}
