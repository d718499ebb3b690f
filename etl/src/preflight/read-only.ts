import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { StatementType } from "@duckdb/node-api";
import { duckdbType } from "./cell-grammar.ts";
import { type CheckDatabase, openCheckDatabase } from "./database.ts";
import type { ReadOnlyAnswer } from "./rules/rule-check.ts";
import { identifier, literal } from "./sql-text.ts";
import type { StagedTable } from "./staged-table.ts";

/** A statement of a contract that may not run, or did not finish. */
export class StatementError extends Error {}

/**
 * The room where statements of a contract run: a DuckDB of its own that sees the staged rows as the table `unified` and
 * nothing else. It cannot read other files, cannot write, cannot load extensions, cannot change its own settings, runs
 * one `select` at a time, and is stopped when its time is over.
 */
export class ReadOnlyRoom {
  readonly #table: StagedTable;
  readonly #workFolder: string;
  #db: CheckDatabase | null = null;
  #asked = 0;

  constructor(table: StagedTable, workFolder: string) {
    this.#table = table;
    this.#workFolder = workFolder;
  }

  /**
   * Lines that a statement names.
   *
   * @param statement one `select` that gives a column `line_number`
   * @throws {StatementError} when it is not one read-only select, names no line_number, fails, or takes too long
   */
  async ask(statement: string, timeoutSeconds: number): Promise<ReadOnlyAnswer> {
    const db = await this.#open();
    await oneSelect(db, statement);
    try {
      // A view ends where the statement ends, whatever comment or semicolon stands behind it.
      await db.run(`create or replace temp view asked as ${statement}`);
    } catch (error) {
      throw new StatementError(reason(error), { cause: error });
    }
    const lines = "select distinct line_number::bigint as line from asked where line_number is not null";
    const file = join(this.#workFolder, `named-${this.#asked++}.csv`);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      db.connection.interrupt();
    }, timeoutSeconds * 1000);
    const target = createWriteStream(file);
    let count = 0;
    try {
      const result = await db.connection.stream(lines);
      for await (const rows of result.yieldRowsJs()) {
        count += rows.length;
        if (rows.length > 0 && !target.write(`${rows.map((row) => String(row[0])).join("\n")}\n`))
          await new Promise<void>((done) => target.once("drain", () => done()));
        if (isLate) throw new Error("interrupted");
      }
    } catch (error) {
      throw new StatementError(
        isLate ? `the statement took longer than ${timeoutSeconds} seconds` : reason(error),
        { cause: error },
      );
    } finally {
      clearTimeout(timer);
      target.end();
      await finished(target);
    }
    return {
      count,
      lines:
        count === 0
          ? "select 0::bigint as line where false"
          : `select line from read_csv(${literal(file)}, header = false, auto_detect = false, delim = ',', columns = {'line': 'bigint'})`,
    };
  }

  close(): void {
    this.#db?.close();
  }

  async #open(): Promise<CheckDatabase> {
    if (this.#db !== null) return this.#db;
    const table = this.#table;
    const db = await openCheckDatabase(this.#workFolder, table.parquetFiles);
    const columns = table.columns.map((one) =>
      one.header === null
        ? `null::${duckdbType(one.column.dtype)} as ${identifier(one.name)}`
        : identifier(one.name),
    );
    await db.run(
      `create view unified as select line as line_number, ${columns.join(", ")} from ${table.relation}`,
    );
    this.#db = db;
    return db;
  }
}

async function oneSelect(db: CheckDatabase, statement: string): Promise<void> {
  try {
    const statements = await db.connection.extractStatements(statement);
    if (statements.count !== 1)
      throw new StatementError(`expected one statement, got ${statements.count}; keep the select only`);
    const prepared = await statements.prepare(0);
    if (prepared.statementType !== StatementType.SELECT)
      throw new StatementError("only a select may run in a contract; it cannot change or read anything else");
  } catch (error) {
    throw error instanceof StatementError ? error : new StatementError(reason(error), { cause: error });
  }
}

/** The first line of a DuckDB message, which names no path of ours. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!.replace(/"?\/[^\s"']+"?/g, "(a file)");
}
