import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckDatabase } from "./database.ts";
import type { RowFault } from "./record-scanner.ts";
import { literal } from "./sql-text.ts";
import type { StagedTable } from "./staged-table.ts";

/** Rows that are kept out, each with every reason. They are collected as lines and written once, at the end. */
export class Rejections {
  readonly #db: CheckDatabase;
  #isOpen = false;
  #pending: RowFault[] = [];

  readonly #unreadableFile: string;
  #hasUnreadable = false;

  constructor(db: CheckDatabase, workFolder: string) {
    this.#db = db;
    this.#unreadableFile = join(workFolder, "unreadable.csv");
  }

  /** @param lines SQL that gives a column `line` */
  async add(lines: string, check: string, reason: string): Promise<void> {
    await this.#open();
    await this.#db.run(
      `insert into rejected select distinct line, ${literal(check)}, ${literal(reason)}, null from (${lines})`,
    );
  }

  /** A row that could not be taken apart. */
  addUnreadable(fault: RowFault): void {
    this.#pending.push(fault);
  }

  /** Put the unreadable rows seen so far on disk; called now and then, so that they do not pile up in memory. */
  async spill(): Promise<void> {
    if (this.#pending.length === 0) return;
    const text = this.#pending
      .map((fault) => `${fault.line},${fault.code},${quoted(fault.detail)},${quoted(printable(fault.row))}\n`)
      .join("");
    this.#pending = [];
    this.#hasUnreadable = true;
    await appendFile(this.#unreadableFile, text);
  }

  /** Bring the unreadable rows into the database; called once, when the file was read. */
  async settle(): Promise<void> {
    await this.spill();
    if (!this.#hasUnreadable) return;
    await this.#open();
    await this.#db.run(
      `insert into rejected select * from read_csv(${literal(this.#unreadableFile)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', max_line_size = 1000000, columns = {'line': 'bigint', 'check': 'varchar', 'reason': 'varchar', 'unreadable': 'varchar'})`,
    );
  }

  /** Number of different rows that are kept out. */
  async count(): Promise<number> {
    if (!this.#isOpen) return 0;
    return Number((await this.#db.row("select count(distinct line) as n from rejected")).n);
  }

  /** SQL: the staged rows that are let in. */
  acceptedRows(table: StagedTable): string {
    return this.#isOpen
      ? `(select * from ${table.relation} where line not in (select line from rejected))`
      : table.relation;
  }

  async #open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    await this.#db.run(
      'create table rejected (line bigint, "check" varchar, reason varchar, unreadable varchar)',
    );
  }
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** NUL and broken characters cannot stand in a CSV that others read; line ends would tear the row. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stay
  return text.replace(/[\u0000-\u0008\u000a-\u001f]/g, "\uFFFD");
}
