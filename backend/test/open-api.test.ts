import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "../src/index.ts";

interface Operation {
  summary?: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

const document = (await openApiDocument()) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

describe("openApiDocument", () => {
  test("is what docs/openapi.json holds; npm run generate writes it anew", () => {
    const committed: unknown = JSON.parse(
      readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"),
    );
    expect(JSON.parse(JSON.stringify(document))).toEqual(committed);
  });

  const FILES = ["application/json", "text/csv", "text/html"];
  /** Answers of another form than JSON. */
  const OTHER_FORMS: Record<string, string[]> = {
    "GET /api/v1/contracts/{contract_id}/versions/{version}/document": ["text/markdown"],
    "GET /api/v1/diagnostics/preflight/events": ["text/event-stream"],
    "GET /api/v1/diagnostics/preflight/runs/{run_id}/sources/{source_name}/download/{artifact_type}": FILES,
    "GET /api/v1/diagnostics/preflight/download/{artifact_type}": FILES,
    "GET /api/v1/diagnostics/metrics": ["text/plain"],
  };

  test.each(operations)("gives $name a summary and a schema for each answer", ({ name, operation }) => {
    expect(operation.summary?.length).toBeGreaterThan(10);
    for (const [status, answer] of Object.entries(operation.responses)) {
      const types = Object.keys(answer.content ?? {});
      if (status === "200" && OTHER_FORMS[name] !== undefined) {
        expect(types).toEqual(OTHER_FORMS[name]);
        continue;
      }
      expect(types, status).toEqual([
        Number(status) < 300 || operation.summary === "Requests can be answered now"
          ? "application/json"
          : "application/problem+json",
      ]);
    }
  });

  test("refers to every component, and to none that is missing", () => {
    const text = JSON.stringify(document);
    const referred = new Set(
      [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
    );
    expect([...referred].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });
});
