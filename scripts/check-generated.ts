/**
 * Re-makes every generated file and compares it with what is committed; `--write` puts the fresh one in its place.
 * Exits 1 and names the files that differ.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { openApiDocument } from "@rossmann/backend";
import { createLogger } from "@rossmann/core";
import { contractDocument, contractJsonSchemaText, loadContract } from "@rossmann/etl";
import { closeDatabase, dumpSchema, migrate, openDatabase, startEmbedded } from "@rossmann/warehouse";
import { envExample, settingsTable } from "./settings-docs.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const path = (name: string) => join(ROOT, name);

/** Each generated file with how its content is made. */
const GENERATED: Record<string, () => string | Promise<string>> = {
  ".env.example": envExample,
  "README.md": () => withBlock(readFileSync(path("README.md"), "utf8"), "settings", settingsTable()),
  "config/input_contract/contract.schema.json": contractJsonSchemaText,
  "docs/Input_Data_Contract.md": async () => {
    const { contract } = await loadContract("rossmann_input_contract");
    const page = readFileSync(path("docs/Input_Data_Contract.md"), "utf8");
    return withBlock(page, "contract", `\n${contractDocument(contract)}`);
  },
  "docs/openapi.json": async () => `${JSON.stringify(await openApiDocument(), null, 2)}\n`,
  "sql/schema.sql": schema,
};

const write = process.argv.includes("--write");
const stale: string[] = [];
for (const [name, make] of Object.entries(GENERATED)) {
  const fresh = await make();
  if (readOrEmpty(path(name)) === fresh) continue;
  if (write) writeFileSync(path(name), fresh);
  else stale.push(name);
  if (write) console.log(`written ${relative(ROOT, path(name))}`);
}
if (stale.length > 0) {
  console.error(`generated files are out of date: ${stale.join(", ")}; run: npm run generate`);
  process.exitCode = 1;
}

/** The schema as PostgreSQL itself describes it after all migrations. */
async function schema(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "rossmann-schema-"));
  const server = await startEmbedded({ home, logger: createLogger("silent") });
  const db = openDatabase(server.url);
  try {
    await migrate(db);
    return await dumpSchema(db);
  } finally {
    await closeDatabase(db);
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The text with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced. */
function withBlock(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
