import { isUtf8 } from "node:buffer";

/** A row that cannot be taken apart into cells. */
export interface RowFault {
  code: "ragged_rows" | "quoting" | "control_characters" | "encoding" | "line_length";
  line: number;
  /** which cell, from 1 */
  cell: number;
  /** the row as it stands in the file, cut */
  row: string;
  /** what is wrong, for a person */
  detail: string;
}

export interface ScannerOptions {
  /** byte that separates cells */
  delimiter: number;
  /** byte that ends a line: LF, or CR in files that have no LF */
  lineEnd: number;
  /** whether a quoted cell may hold line ends */
  multilineCells: boolean;
  maxLineBytes: number;
  /** the first line that is not empty; called before any fault of it */
  onHeader: (text: string, line: number, cells: number) => void;
  onFault: (fault: RowFault) => void;
}

const LF = 10;
const CR = 13;
const TAB = 9;
const QUOTE = 34;

/** Classes of bytes outside quotes. */
const PLAIN = 0;
const SPECIAL = 1;
const ROW_CHARACTERS = 2000;

/**
 * Takes CSV bytes apart into records, RFC 4180, one pass, no memory beyond one line.
 *
 * Good records are copied to `out`, each on its own with its line number as an additional first cell, so that whoever
 * reads them in parallel still knows the line of each. Everything else is a fault with line and cell:
 *
 * - a quote inside an unquoted cell, text behind a closing quote, a quote that is never closed;
 * - a control character other than tab, NUL included;
 * - bytes that are not UTF-8;
 * - a line longer than `maxLineBytes`;
 * - more or fewer cells than the header.
 *
 * A quote that is never closed spoils its own line only: the next record starts on the next line.
 */
export class RecordScanner {
  /** bytes of accepted records that were not taken yet */
  out: Buffer;
  outLength = 0;
  /** cells of the header; 0 while none was seen */
  columns = 0;
  header: { text: string; line: number } | null = null;
  /** lines seen */
  line = 0;
  /** records behind the header, faulty ones included */
  rows = 0;
  /** accepted records in `out` since it was last taken */
  outRows = 0;
  /** lines of the first and the last record in `out` */
  outFirstLine = 0;
  outLastLine = 0;
  /** empty lines between records; those at the end of the file do not count */
  blankLines: number[] = [];
  blankLineCount = 0;

  readonly #options: ScannerOptions;
  readonly #classes = new Uint8Array(256);
  #pendingBlanks = 0;
  /** inside a line that is too long, up to its end */
  #skipping = false;

  constructor(options: ScannerOptions, outCapacity: number) {
    this.#options = options;
    this.out = Buffer.allocUnsafe(outCapacity);
    for (let byte = 0; byte < 32; byte++) if (byte !== TAB) this.#classes[byte] = SPECIAL;
    this.#classes[QUOTE] = SPECIAL;
    this.#classes[options.delimiter] = SPECIAL;
    this.#classes[options.lineEnd] = SPECIAL;
  }

  /**
   * Take apart the first `length` bytes.
   *
   * @param isLast no bytes follow
   * @returns number of bytes used; the rest is the start of an unfinished line and must come again with more behind it
   */
  push(buffer: Buffer, length: number, isLast: boolean): number {
    const { lineEnd, maxLineBytes } = this.#options;
    let start = 0;
    if (this.#skipping) {
      const at = buffer.subarray(0, length).indexOf(lineEnd);
      if (at < 0) return length;
      this.#skipping = false;
      start = at + 1;
    }
    const end = isLast ? length : buffer.subarray(0, length).lastIndexOf(lineEnd) + 1;
    const valid = end <= start || isUtf8(buffer.subarray(start, end));
    while (start < end) {
      const used = this.#record(buffer, start, end, isLast, valid);
      if (used === 0) break;
      start += used;
    }
    if (!isLast && length - start > maxLineBytes) {
      // Too long, and its end is not in sight: report it now, drop it as it comes.
      this.line++;
      if (this.header === null)
        this.#headerSeen(buffer.toString("utf8", start, start + ROW_CHARACTERS), this.line, 1);
      this.#fault("line_length", buffer, start, length, this.#cellAt(buffer, start, maxLineBytes), this.line);
      this.#skipping = true;
      return length;
    }
    return start;
  }

  /** Hand over what was accepted so far; the buffer is used again. */
  take(): Buffer {
    const taken = this.out.subarray(0, this.outLength);
    this.outLength = 0;
    this.outRows = 0;
    return taken;
  }

  /** One record from `start`; returns the bytes it takes, 0 when its end is not in the buffer. */
  #record(buffer: Buffer, start: number, end: number, isLast: boolean, valid: boolean): number {
    const { delimiter, lineEnd, multilineCells, maxLineBytes } = this.#options;
    const classes = this.#classes;
    let at = start;
    let cells = 1;
    let lines = 1;
    let fault: RowFault["code"] | null = null;
    let contentEnd = -1;

    while (contentEnd < 0 && fault === null) {
      if (at < end && buffer[at] === QUOTE) {
        at++;
        for (;;) {
          if (at >= end) {
            if (!isLast) return 0;
            fault = "quoting";
            break;
          }
          const byte = buffer[at]!;
          if (byte === QUOTE) {
            if (buffer[at + 1] !== QUOTE || at + 1 >= end) break;
            at += 2;
          } else if (byte === lineEnd) {
            if (!multilineCells || at - start > maxLineBytes) {
              fault = "quoting";
              break;
            }
            lines++;
            at++;
          } else if (byte < 32 && byte !== TAB && byte !== CR && byte !== LF) {
            fault = "control_characters";
            break;
          } else at++;
        }
        if (fault !== null) break;
        at++;
        if (at < end && buffer[at] === CR && buffer[at + 1] === lineEnd) at++;
        if (at >= end) contentEnd = at;
        else if (buffer[at] === delimiter) {
          cells++;
          at++;
        } else if (buffer[at] === lineEnd) contentEnd = at;
        else fault = "quoting";
      } else {
        while (at < end && classes[buffer[at]!] === PLAIN) at++;
        if (at >= end) contentEnd = at;
        else {
          const byte = buffer[at]!;
          if (byte === delimiter) {
            cells++;
            at++;
          } else if (byte === lineEnd) contentEnd = at;
          else if (byte === CR && (at + 1 >= end || buffer[at + 1] === lineEnd)) {
            contentEnd = at;
            at = Math.min(at + 1, end);
          } else fault = byte === QUOTE ? "quoting" : "control_characters";
        }
      }
    }

    if (fault === "quoting" && lines > 1) {
      // The open quote has swallowed lines that may be good: only its own line is given up.
      at = start;
      lines = 1;
    }
    if (fault !== null) {
      const close = buffer.subarray(at, end).indexOf(lineEnd);
      at = close < 0 ? end : at + close;
      contentEnd = at;
    }
    if (contentEnd > start && buffer[contentEnd - 1] === CR) contentEnd--;

    const line = this.line + 1;
    this.line += lines;
    const used = Math.min(at + 1, end) - start;

    if (contentEnd === start && fault === null) {
      this.#pendingBlanks++;
      return used;
    }
    if (this.#pendingBlanks > 0) this.#settleBlanks(line);
    if (this.header === null) {
      this.#headerSeen(buffer.toString("utf8", start, contentEnd), line, cells);
      if (fault !== null || !(valid || isUtf8(buffer.subarray(start, contentEnd))) || used > maxLineBytes)
        this.#fault(
          fault ?? (used > maxLineBytes ? "line_length" : "encoding"),
          buffer,
          start,
          contentEnd,
          cells,
          line,
        );
      return used;
    }

    this.rows++;
    if (fault === null && used > maxLineBytes) {
      fault = "line_length";
      cells = this.#cellAt(buffer, start, maxLineBytes);
    }
    if (fault === null && !valid) {
      const bad = this.#firstInvalidCell(buffer, start, contentEnd);
      if (bad > 0) {
        fault = "encoding";
        cells = bad;
      }
    }
    if (fault === null && cells !== this.columns) fault = "ragged_rows";
    if (fault !== null) {
      this.rows--;
      this.#fault(fault, buffer, start, contentEnd, cells, line);
    } else this.#accept(buffer, start, contentEnd, line);
    return used;
  }

  #headerSeen(text: string, line: number, cells: number): void {
    this.header = { text, line };
    this.columns = cells;
    this.#options.onHeader(text, line, cells);
  }

  #settleBlanks(line: number): void {
    for (let blank = line - this.#pendingBlanks; blank < line && this.blankLines.length < 20; blank++)
      this.blankLines.push(blank);
    this.blankLineCount += this.#pendingBlanks;
    this.#pendingBlanks = 0;
  }

  #accept(buffer: Buffer, start: number, contentEnd: number, line: number): void {
    const size = contentEnd - start;
    if (this.out.length - this.outLength < size + 24) {
      const larger = Buffer.allocUnsafe(this.out.length * 2 + size);
      this.out.copy(larger, 0, 0, this.outLength);
      this.out = larger;
    }
    const out = this.out;
    let at = this.outLength;
    let digits = 1;
    for (let rest = line; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    for (let rest = line, place = at + digits - 1; place >= at; place--) {
      out[place] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    at += digits;
    out[at++] = this.#options.delimiter;
    buffer.copy(out, at, start, contentEnd);
    at += size;
    out[at++] = LF;
    this.outLength = at;
    if (this.outRows === 0) this.outFirstLine = line;
    this.outLastLine = line;
    this.outRows++;
  }

  /** Number of the cell that holds the byte at `offset` of a record. */
  #cellAt(buffer: Buffer, start: number, offset: number): number {
    let cell = 1;
    let quoted = false;
    for (let at = start; at < start + offset; at++) {
      if (buffer[at] === QUOTE) quoted = !quoted;
      else if (buffer[at] === this.#options.delimiter && !quoted) cell++;
    }
    return cell;
  }

  /** Number of the first cell that is not UTF-8, or 0. */
  #firstInvalidCell(buffer: Buffer, start: number, end: number): number {
    if (isUtf8(buffer.subarray(start, end))) return 0;
    let cell = 1;
    let cellStart = start;
    let quoted = false;
    for (let at = start; at < end; at++) {
      if (buffer[at] === QUOTE) quoted = !quoted;
      if (buffer[at] !== this.#options.delimiter || quoted) continue;
      if (!isUtf8(buffer.subarray(cellStart, at))) return cell;
      cell++;
      cellStart = at + 1;
    }
    return cell;
  }

  #fault(
    code: RowFault["code"],
    buffer: Buffer,
    start: number,
    end: number,
    cell: number,
    line: number,
  ): void {
    const columns = this.columns;
    if (line !== this.header?.line) this.rows++;
    this.#options.onFault({
      code,
      line,
      // The first cell too many, or the first one that is absent.
      cell: code === "ragged_rows" ? Math.min(cell, columns) + 1 : cell,
      row: buffer.toString("utf8", start, Math.min(end, start + ROW_CHARACTERS)),
      detail: FAULT_DETAIL[code](cell, columns, this.#options.maxLineBytes),
    });
  }
}

const FAULT_DETAIL: Record<RowFault["code"], (cells: number, columns: number, limit: number) => string> = {
  ragged_rows: (cells, columns) =>
    `the row has ${cells} ${cells === 1 ? "cell" : "cells"}, the header has ${columns}`,
  quoting: () =>
    "a quote is opened and not closed, or stands inside a cell; double it and put quotes around the cell",
  control_characters: () => "the cell holds a control character (such as NUL), which text never does",
  encoding: () => "the cell holds bytes that are not UTF-8",
  line_length: (_cells, _columns, limit) => `the line is longer than ${limit} bytes`,
};
