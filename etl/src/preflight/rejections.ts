import { createReadStream } from "node:fs";
import { appendFile, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CheckDatabase } from "./database.ts";
import type { RowFault } from "./record-scanner.ts";
import { identifier, literal } from "./sql-text.ts";
import { pieceRelation, type StagedTable } from "./staged-table.ts";

/** Lines whose rejected rows are written at once: what bounds the memory when every row is rejected. */
const LINES_AT_ONCE = 100_000;
/** Reasons that one number holds as bits; two numbers are kept. */
const BITS = 62;

/**
 * Rows that are kept out, each with every reason. They may be all rows of a large file, so they lie on disk: the lines of each
 * reason in a Parquet file, the reason as a bit, and rows that could not be taken apart, whole, in another.
 */
export class Rejections {
  readonly #db: CheckDatabase;
  readonly #folder: string;
  readonly #files: string[] = [];
  readonly #reasons: { check: string; reason: string }[] = [];
  #pending: RowFault[] = [];
  #hasUnreadable = false;

  constructor(db: CheckDatabase, workFolder: string) {
    this.#db = db;
    this.#folder = workFolder;
  }

  /** @param lines SQL that gives a column `line`, each line once */
  async add(lines: string, check: string, reason: string): Promise<void> {
    const file = join(this.#folder, `rejected-${this.#files.length}.parquet`);
    // Beyond what the bits can tell apart, the last reason stands for all further ones.
    const place = Math.min(this.#files.length, 2 * BITS - 1);
    this.#reasons[place] ??= { check, reason };
    const bit = (low: number) => (place >= low && place < low + BITS ? 2n ** BigInt(place - low) : 0n);
    await this.#db.run(
      `copy (select line, ${bit(0)}::bigint as low, ${bit(BITS)}::bigint as high from (${lines})) to ${literal(file)} (format parquet)`,
    );
    this.#files.push(file);
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
    await appendFile(this.#path("unreadable.csv"), text);
  }

  /** Bring the unreadable rows into the form in which they are asked for; called once, when the file was read. */
  async settle(): Promise<void> {
    await this.spill();
    if (!this.#hasUnreadable) return;
    await this.#db.run(
      `copy (
        select * from read_csv(${literal(this.#path("unreadable.csv"))}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', max_line_size = 100000, buffer_size = 4000000, parallel = false, columns = {'line': 'bigint', 'check': 'varchar', 'reason': 'varchar', 'row': 'varchar'})
      ) to ${literal(this.#path("unreadable.parquet"))} (format parquet)`,
    );
    await rm(this.#path("unreadable.csv"));
  }

  /** Number of different rows that are kept out. */
  async count(): Promise<number> {
    const all = this.#allLines();
    if (all === null) return 0;
    return Number(
      (await this.#db.row(`select count(*) as n from (select line from ${all} group by line)`)).n,
    );
  }

  /** SQL: the staged rows that are let in. */
  acceptedRows(table: StagedTable): string {
    return this.#files.length === 0
      ? table.relation
      : `(select * from ${table.relation} where line not in (select line from ${this.#checked()}))`;
  }

  /**
   * Write the rows that are kept out, as they stand in the file, each with its line and all reasons. Rows that cannot be
   * taken apart into cells stand whole in the last column.
   */
  async write(table: StagedTable, path: string): Promise<void> {
    const all = this.#allLines();
    if (all === null) return;
    const buckets = await this.#db.rows(
      `select (line // ${LINES_AT_ONCE})::bigint as bucket from ${all} group by 1 order by 1`,
    );
    const part = this.#path("rejected-part.csv");
    await open(path, "w").then((file) => file.close());
    for (const [index, { bucket }] of buckets.entries()) {
      const from = Number(bucket) * LINES_AT_ONCE;
      await this.#db.run(
        `copy (${this.#rowsBetween(table, from, from + LINES_AT_ONCE)}) to ${literal(part)} (format csv, header ${index === 0}, delimiter ',')`,
      );
      const target = await open(path, "a");
      await pipeline(createReadStream(part), target.createWriteStream());
    }
  }

  /** SQL of the rejected rows from one line to before another, in the order of the file. */
  #rowsBetween(table: StagedTable, from: number, to: number): string {
    const names = uniqueNames([
      "line_number",
      "checks",
      "reasons",
      ...table.mapping.map((one) => one.header),
      "unreadable_row",
    ]).map(identifier);
    const cells = table.mapping.map((one) => `c${one.position}`);
    const within = `line >= ${from} and line < ${to}`;
    const parts: string[] = [];
    const pieces = table.pieces.filter((piece) => piece.lastLine >= from && piece.firstLine < to);
    if (this.#files.length > 0 && pieces.length > 0)
      parts.push(`select r.line, ${this.#texts("check")}, ${this.#texts("reason")}, ${cells.map((cell) => `f.${cell}`).join(", ")}, null::varchar
        from (
          select line, bit_or(low) as low, bit_or(high) as high from ${this.#checked()} where ${within} group by line
        ) r join ${pieceRelation(
          pieces.map((piece) => piece.path),
          table.delimiter,
          cells.length,
          table.contract,
        )} f on f.line = r.line`);
    if (this.#hasUnreadable)
      parts.push(`select line, "check", reason, ${cells.map(() => "null::varchar").join(", ")}, "row"
        from read_parquet(${literal(this.#path("unreadable.parquet"))}) where ${within}`);
    return `select * from (${parts.join(" union all ")}) as rejected(${names.join(", ")}) order by ${names[0]}`;
  }

  /** SQL of all checks, or reasons, of a row, each once, in the order in which they were found. */
  #texts(kind: "check" | "reason"): string {
    const bits = new Map<string, { low: bigint; high: bigint }>();
    this.#reasons.forEach((one, place) => {
      const known = bits.get(one[kind]) ?? { low: 0n, high: 0n };
      known[place < BITS ? "low" : "high"] |= 2n ** BigInt(place % BITS);
      bits.set(one[kind], known);
    });
    const texts = [...bits].map(
      ([text, { low, high }]) =>
        `case when r.low & ${low} <> 0 or r.high & ${high} <> 0 then ${literal(text)} end`,
    );
    return `concat_ws('; ', ${texts.join(", ")})`;
  }

  #checked(): string {
    return `read_parquet([${this.#files.map(literal).join(", ")}])`;
  }

  /** SQL of every rejected line, with repetitions; `null` when there is none. */
  #allLines(): string | null {
    const parts = [
      ...(this.#files.length === 0 ? [] : [`select line from ${this.#checked()}`]),
      ...(this.#hasUnreadable
        ? [`select line from read_parquet(${literal(this.#path("unreadable.parquet"))})`]
        : []),
    ];
    return parts.length === 0 ? null : `(${parts.join(" union all ")})`;
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** NUL and broken characters cannot stand in a CSV that others read; line ends would tear the row. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stay
  return text.replace(/[\u0000-\u0008\u000a-\u001f]/g, "\uFFFD");
}

/** Headers that occur twice get a number, since a CSV reader would lose one of them. */
function uniqueNames(names: string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let times = 2; seen.has(own.toLowerCase()); times++) own = `${name} (${times})`;
    seen.add(own.toLowerCase());
    return own;
  });
}
