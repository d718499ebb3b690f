import { AppError, messageOf, readEnvironment } from "@rossmann/core";
import type { CommandModule } from "../run-cli.ts";
import { readRunning } from "../state.ts";

const TIMEOUT_MS = 60_000;

interface Question {
  name: string;
  path: string;
  body?: unknown;
  /** what is wrong with the answer, or null */
  fault(answer: unknown): string | null;
}

const isList = (value: unknown) => (Array.isArray(value) ? null : "expected a list");
const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** What an installation must answer: each part of the platform is asked once. */
const QUESTIONS: readonly Question[] = [
  {
    name: "health",
    path: "/api/v1/health",
    fault: (a) => (field(a, "status") === "ok" ? null : "is not ok"),
  },
  { name: "readiness", path: "/api/v1/health/ready", fault: () => null },
  {
    name: "system summary",
    path: "/api/v1/system/summary",
    fault: (a) => (Number(field(a, "sales_rows_count")) > 0 ? null : "no sales are loaded"),
  },
  { name: "model metadata", path: "/api/v1/model/metadata", fault: () => null },
  { name: "data sources", path: "/api/v1/data-sources", fault: isList },
  { name: "contracts", path: "/api/v1/contracts", fault: isList },
  {
    name: "experiments",
    path: "/api/v1/ml/experiments",
    fault: (a) => (Array.isArray(a) || typeof a === "object" ? null : "expected a list or an object"),
  },
  {
    name: "forecast",
    path: "/api/v1/forecast",
    body: { store_id: 1, horizon_days: 7 },
    fault: (a) => (Array.isArray(a) && a.length === 7 ? null : "expected seven days"),
  },
  {
    name: "scenario",
    path: "/api/v1/scenario/run",
    body: { store_id: 1, horizon_days: 7 },
    fault: (a) => {
      const points = field(a, "points");
      if (!Array.isArray(points) || points.length === 0) return "has no points";
      return field(field(a, "summary"), "total_baseline_sales") === undefined
        ? "has no baseline total"
        : null;
    },
  },
  { name: "documentation", path: "/openapi.json", fault: (a) => (field(a, "paths") ? null : "has no paths") },
];

export const checkCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("check")
    .description("ask a running platform one question of each kind, and fetch a page")
    .option("--url <address>", "where it listens; default: what runs in this home")
    .option("--key <key>", "API key, where it listens beyond this machine; default ROSSMANN_API_KEY")
    .action(async (options: { url?: string; key?: string }) => {
      const url = (options.url ?? readRunning(settings().home)?.url ?? "").replace(/\/+$/, "");
      if (url === "")
        throw new AppError(
          "not_running",
          "unavailable",
          "nothing runs here: start it with rossmann up, or name --url",
        );
      const key = options.key ?? readEnvironment().ROSSMANN_API_KEY;
      const faults: string[] = [];
      for (const question of QUESTIONS) {
        const fault = await ask(url, key, question);
        terminal.answer(
          `${fault === null ? "ok  " : "FAIL"}  ${question.name}${fault === null ? "" : `: ${fault}`}`,
        );
        if (fault !== null) faults.push(question.name);
      }
      const page = await pageFault(url);
      terminal.answer(`${page === null ? "ok  " : "FAIL"}  dashboard${page === null ? "" : `: ${page}`}`);
      if (page !== null) faults.push("dashboard");
      if (faults.length > 0)
        throw new AppError(
          "check_failed",
          "unavailable",
          `${url} did not answer as it should: ${faults.join(", ")}`,
        );
    });
};

async function ask(
  url: string,
  key: string | undefined,
  { path, body, fault }: Question,
): Promise<string | null> {
  try {
    const answer = await fetch(`${url}${path}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(key === undefined ? {} : { "x-api-key": key }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    const content: unknown = await answer.json().catch(() => null);
    if (!answer.ok) return `${answer.status} ${String(field(content, "detail") ?? "")}`.trim();
    return fault(content);
  } catch (error) {
    return messageOf(error);
  }
}

/** A page of the dashboard counts when its script is there too. */
async function pageFault(url: string): Promise<string | null> {
  try {
    const page = await (await fetch(`${url}/stores`, { signal: AbortSignal.timeout(TIMEOUT_MS) })).text();
    const script = /<script[^>]+src="([^"]+)"/.exec(page)?.[1];
    if (script === undefined) return "is not the dashboard's page";
    const { ok, status } = await fetch(new URL(script, url));
    return ok ? null : `its script answers ${status}`;
  } catch (error) {
    return messageOf(error);
  }
}
