/**
 * A stand-in for the API, for tests and for looking at the pages: `node test/fake-api.ts [port] [folder of the build]` serves it together with
 * the built dashboard. The query parameter of the page cannot reach it, so moods are chosen by a path in front:
 * POST /mood/full, /mood/empty (nothing loaded), /mood/error (business routes answer 500), /mood/slow (they never answer),
 * /mood/untrained (no model), /mood/training (one has begun), /mood/local (nobody is signed in), /mood/locked (nothing without
 * a key), /mood/down (health fails too).
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Problem, SystemSummary } from "@rossmann/backend";
import { type FakeChain, fakeChain } from "./fake-chain.ts";
import { answerContracts } from "./fake-contracts.ts";
import { fakeModels } from "./fake-models.ts";
import { fakePlanning } from "./fake-planning.ts";
import { fakePreflight } from "./fake-preflight.ts";
import { fakeSession } from "./fake-session.ts";
import { fakeSources } from "./fake-sources.ts";

export type Mood =
  | "full"
  | "empty"
  | "error"
  | "slow"
  | "untrained"
  | "training"
  | "local"
  | "locked"
  | "down";

const MEDIA: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export function createFakeApi(dist: string, chain: FakeChain = fakeChain()): Server & { mood: Mood } {
  let models = fakeModels(chain.to);
  let session = fakeSession();
  let preflight = fakePreflight();
  let sources = fakeSources();
  const planning = fakePlanning(chain, { failing: [7] });
  const server = Object.assign(
    createServer(async (request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      if (url.pathname.startsWith("/mood/")) {
        server.mood = url.pathname.slice(6) as Mood;
        models = fakeModels(chain.to, server.mood !== "untrained");
        sources = fakeSources(server.mood === "empty");
        preflight = fakePreflight(server.mood === "empty");
        session = fakeSession(
          server.mood === "local" || server.mood === "locked" ? server.mood : "signed-in",
        );
        if (server.mood === "training") models.train("full");
        response.end("ok");
      } else if (url.pathname.startsWith("/api/v1/")) {
        await answer(url, request, response);
      } else {
        serveFile(dist, url.pathname, response);
      }
    }),
    { mood: "full" as Mood },
  );
  return server;

  async function answer(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = url.pathname.slice("/api/v1".length);
    const { mood } = server;
    if (path === "/health") {
      if (mood === "down") request.socket.destroy();
      else json(response, 200, { status: "ok" });
      return;
    }
    if (mood === "slow") return;
    if (mood === "down") {
      request.socket.destroy();
      return;
    }
    if (path === "/session") {
      const said = session.answer(request.method ?? "GET", JSON.parse((await text(request)) || "{}"));
      if (typeof said.body === "string") return refuse(response, said.status, "key_unknown", said.body, path);
      if (said.status === 204) return void response.writeHead(204).end();
      return json(response, said.status, said.body);
    }
    if (!session.current.signed_in && (session.current.key_required || path.startsWith("/diagnostics")))
      return refuse(response, 401, "key_required", "This asks for a key: sign in on the dashboard.", path);
    if (path === "/system/summary")
      return json(response, 200, summary(mood, Number(url.searchParams.get("data_source_id") ?? 1)));
    if (mood === "error")
      return refuse(
        response,
        503,
        "database_unavailable",
        "The database does not answer. Look at “npx rossmann status”.",
        path,
      );
    const q = (name: string) => url.searchParams.get(name);
    const id = q("store_id") === null ? null : Number(q("store_id"));
    const [from, to] = [q("date_from") ?? chain.from, q("date_to") ?? chain.to];
    if (path === "/stores") return json(response, 200, chain.stores);
    if (path === "/kpi/summary") {
      const [a, b] = [q("compare_from"), q("compare_to")];
      return json(response, 200, {
        ...chain.figures(id, from, to),
        comparison: a && b ? chain.figures(id, a, b) : null,
      });
    }
    if (path === "/kpi/promo-impact") return json(response, 200, chain.promoImpact(id));
    if (path === "/kpi/movers") return json(response, 200, chain.movers(from, to, Number(q("limit"))));
    if (path === "/sales/timeseries") {
      const days = id === null ? chain.chainDays(from, to) : chain.storeDays(id, from, to);
      return json(response, 200, q("granularity") === "monthly" ? monthly(days) : days);
    }
    if (path === "/forecast/chain")
      return json(response, 200, chain.chainForecast(Number(q("horizon_days"))));
    if (path === "/forecast/accuracy") return json(response, 200, chain.accuracy(id));
    if (path === "/forecast" && request.method === "POST") {
      const body = JSON.parse(await text(request)) as { store_id: number; horizon_days: number };
      response.setHeader("X-Forecast-Run-Id", "forecast_20150801T060000Z_1a2b3c4d");
      response.setHeader("X-Model-Version", "3");
      response.setHeader("X-Forecast-Origin", chain.to);
      return json(response, 200, chain.forecast(body.store_id, body.horizon_days));
    }
    const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
    const body = isJson ? (JSON.parse((await text(request)) || "{}") as unknown) : undefined;
    const method = request.method ?? "GET";
    const parts = [
      planning.answer(method, path, body, url.searchParams),
      sources.answer(method, path, url.searchParams, body),
      preflight.answer(path, url.searchParams),
      answerContracts(method, path, url.searchParams),
      models.answer(method, path, body),
    ];
    for (const answer of parts) {
      if (answer === null) continue;
      if (typeof answer.body === "string")
        return refuse(response, answer.status, "refused", answer.body, path);
      return json(response, answer.status, answer.body);
    }
    refuse(response, 404, "not_found", `There is nothing at ${path}.`, path);
  }

  function summary(mood: Mood, source: number): SystemSummary {
    const isEmpty = mood === "empty" || source !== 1;
    return {
      stores_count: isEmpty ? 0 : chain.stores.length,
      sales_rows_count: isEmpty ? 0 : 1_017_209,
      date_from: isEmpty ? null : chain.from,
      date_to: isEmpty ? null : chain.to,
      data_source: { id: source, name: sources.list.find(({ id }) => id === source)?.name ?? "" },
      loaded_at: isEmpty ? null : new Date(Date.now() - 12 * 60_000).toISOString(),
      etl_run_id: isEmpty ? null : "etl_20150801T055000Z_0f1e2d3c",
      model:
        isEmpty || mood === "untrained"
          ? null
          : { version: 3, model_type: "ridge", trained_at: new Date().toISOString(), trained_to: chain.to },
      server_version: "18.1",
      api_version: "2.0.0",
    };
  }
}

interface Summable {
  date: string;
  sales: number;
  customers: number;
  promo: number | null;
  open: number | null;
  partial: boolean;
}

function monthly(days: readonly Summable[]): Summable[] {
  const months = new Map<string, Summable>();
  for (const day of days) {
    const key = `${day.date.slice(0, 7)}-01`;
    const month = months.get(key);
    if (month === undefined)
      months.set(key, { ...day, date: key, promo: null, open: null, partial: !day.date.endsWith("-01") });
    else {
      month.sales += day.sales;
      month.customers += day.customers;
    }
  }
  return [...months.values()];
}

function json(response: ServerResponse, status: number, body: unknown, type = "application/json"): void {
  response.writeHead(status, {
    "Content-Type": type,
    "X-Request-ID": "6f1b2c3d-0a1b-4c2d-8e3f-9a8b7c6d5e4f",
  });
  response.end(JSON.stringify(body));
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  instance: string,
): void {
  const problem: Problem = {
    type: `/problems/${code}`,
    title: "Refused",
    status,
    detail,
    instance,
    code,
    request_id: "6f1b2c3d-0a1b-4c2d-8e3f-9a8b7c6d5e4f",
    errors: [],
  };
  json(response, status, problem, "application/problem+json");
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function serveFile(dist: string, path: string, response: ServerResponse): void {
  const wanted = join(dist, path);
  const file =
    wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile()
      ? wanted
      : join(dist, "index.html");
  response.writeHead(200, {
    "Content-Type": MEDIA[extname(file)] ?? "application/octet-stream",
    // As strict as the real server, so that what would be blocked there is blocked here.
    "Content-Security-Policy":
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
  });
  createReadStream(file)
    .on("error", () => response.destroy())
    .pipe(response);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const port = Number(process.argv[2] ?? 8010);
  createFakeApi(process.argv[3] ?? join(import.meta.dirname, "../dist")).listen(port, "127.0.0.1", () =>
    console.log(`fake API and dashboard on http://127.0.0.1:${port}`),
  );
}
