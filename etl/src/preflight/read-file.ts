import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, open, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ContractFile, Encoding, Profile } from "../contract/contract-schema.ts";
import { normaliseName } from "../contract/normalise-name.ts";
import { checkFileSize, checkFormat, checkKind, checkUnchanged, fileFinding } from "./checks/file-checks.ts";
import {
  checkColumnLimit,
  checkDelimiter,
  checkDuplicateColumns,
  checkExtraColumns,
  checkHeaderNames,
  checkRequiredColumns,
  mapColumns,
  spellings,
} from "./checks/header-checks.ts";
import { checkBlankLines, checkRowLimit, RowFaultTally } from "./checks/row-checks.ts";
import { type TextSource, textChunks } from "./decode.ts";
import type { ColumnMapping, FileFacts } from "./file-facts.ts";
import { type Finding, shownValue } from "./finding.ts";
import { detectDelimiter, splitHeader } from "./header-line.ts";
import { RecordScanner, type RowFault } from "./record-scanner.ts";
import type { Piece } from "./staged-table.ts";

/** What reading a file gave: its facts, what is wrong with it, and where its rows went. */
export interface ReadResult {
  facts: FileFacts;
  mapping: ColumnMapping[];
  findings: Finding[];
  /** whether rows were read at all: false when the file or its header stops everything */
  hasRows: boolean;
  /** the rows, in order */
  pieces: Piece[];
}

export interface ReadOptions {
  path: string;
  contract: ContractFile;
  profile: Profile;
  workFolder: string;
  /** called with each finished piece, in order, while reading goes on */
  onPiece: (piece: string, mapping: ColumnMapping[], delimiter: string) => Promise<void>;
  onRowFault?: (fault: RowFault) => void;
  /** called after each block of the file, so that what was told of it can be put away */
  onBlock?: () => Promise<void>;
  onProgress?: (progress: { bytes: number; totalBytes: number; rows: number }) => void;
}

const HEAD_BYTES = 64 * 1024;
/** About one row group of the staged table. */
const PIECE_BYTES = 4 * 1024 * 1024;
const COMMA = 44;

/**
 * Read a file once, in pieces: file checks, header checks and row checks, in that order. Memory does not grow with the
 * file. Never throws because of what the file holds.
 */
export async function readFile(options: ReadOptions): Promise<ReadResult> {
  const { contract } = options;
  const path = resolve(options.path);
  const name = basename(path);
  const facts: FileFacts = {
    path,
    name,
    sizeBytes: 0,
    sha256: null,
    encoding: null,
    hasBom: false,
    delimiter: null,
    lineEnd: null,
    header: [],
    headerLine: 1,
    rows: 0,
    unreadableRows: 0,
    blankLines: 0,
  };
  const stopped = (findings: Finding[]): ReadResult => ({
    facts,
    mapping: [],
    findings,
    hasRows: false,
    pieces: [],
  });

  let reason = "ENOENT";
  const before = await stat(path).catch((error: NodeJS.ErrnoException) => {
    reason = error.code ?? error.message;
    return null;
  });
  const unusable = checkFormat(name, before, reason, contract);
  if (before === null || !before.isFile()) return stopped(unusable);
  facts.sizeBytes = before.size;
  const size = checkFileSize(name, before.size, contract);
  if (unusable.length + size.length > 0) return stopped([...unusable, ...size]);

  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    return stopped(checkFormat(name, null, (error as NodeJS.ErrnoException).code ?? String(error), contract));
  }
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, before.size));
    await file.read(head, 0, head.length, 0);
    const kind = checkKind(name, head);
    if (kind.length > 0) return stopped(kind);
    const encoding = await detectEncoding(file, head, contract);
    if (typeof encoding !== "string") return stopped([encoding.finding]);
    facts.encoding = encoding;
    return await readRows(options, file, head, facts, before);
  } finally {
    await file.close();
  }
}

async function readRows(
  options: ReadOptions,
  file: FileHandle,
  head: Buffer,
  facts: FileFacts,
  before: Stats,
): Promise<ReadResult> {
  const { contract, profile } = options;
  const hash = createHash("sha256");
  const source: TextSource = { file, encoding: facts.encoding!, hash };
  const start = decodeHead(head, facts);
  facts.lineEnd = start.includes("\n")
    ? /\r\n/.test(start)
      ? "CRLF"
      : "LF"
    : start.includes("\r")
      ? "CR"
      : "LF";
  const headerLine = start.split(/\r?\n|\r/).find((line) => line.length > 0) ?? "";
  const known = spellings(profile);
  const delimiter = detectDelimiter(headerLine, (text) => known.has(normaliseName(text)));
  facts.delimiter = delimiter;

  let mapping: ColumnMapping[] = [];
  const tally = new RowFaultTally(profile, (cell) => mapping[cell - 1]?.header ?? `(cell ${cell})`);
  let headerFault: RowFault | null = null;
  const scanner = new RecordScanner(
    {
      delimiter: delimiter.charCodeAt(0) || COMMA,
      lineEnd: facts.lineEnd === "CR" ? 13 : 10,
      multilineCells: contract.csv.multiline_cells,
      maxLineBytes: contract.limits.max_line_bytes,
      onHeader: (text, line) => {
        facts.headerLine = line;
        facts.header = splitHeader(text, delimiter);
        mapping = mapColumns(facts.header, profile);
      },
      onFault: (fault) => {
        if (fault.line === facts.headerLine) headerFault = fault;
        else {
          tally.add(fault);
          options.onRowFault?.(fault);
        }
      },
    },
    PIECE_BYTES + PIECE_BYTES / 4,
  );

  const findings: Finding[] = [];
  const pieces: Piece[] = [];
  let headerSeen = false;
  let acceptedRows = 0;
  const flush = async () => {
    if (scanner.outRows === 0) return;
    acceptedRows += scanner.outRows;
    if (acceptedRows > contract.limits.max_rows) {
      // Counted on, but no longer kept: the file is refused anyway.
      scanner.take();
      return;
    }
    const piece = join(options.workFolder, `piece-${String(pieces.length).padStart(5, "0")}.csv`);
    const { outFirstLine: firstLine, outLastLine: lastLine } = scanner;
    await writeFile(piece, scanner.take());
    pieces.push({ path: piece, firstLine, lastLine });
    await options.onPiece(piece, mapping, delimiter);
  };

  let bytes = 0;
  for await (const block of textChunks(source, ({ buffer, length, isLast }) =>
    scanner.push(buffer, length, isLast),
  )) {
    bytes = block.bytesRead;
    if (!headerSeen && scanner.header !== null) {
      headerSeen = true;
      findings.push(...checkHeader(facts, mapping, contract, profile, headerFault));
      if (stopsReading(findings)) return { facts, mapping, findings, hasRows: false, pieces };
    }
    if (scanner.outLength >= PIECE_BYTES) await flush();
    await options.onBlock?.();
    options.onProgress?.({ bytes, totalBytes: facts.sizeBytes, rows: scanner.rows });
  }
  await flush();

  if (scanner.header === null) findings.push(noHeader(facts.name));
  facts.rows = scanner.rows;
  facts.unreadableRows = tally.count;
  facts.blankLines = scanner.blankLineCount;
  facts.sha256 = hash.digest("hex");
  const after = await stat(facts.path).catch(() => null);
  findings.unshift(...checkUnchanged(facts.name, before, after, bytes));
  if (scanner.header !== null) {
    findings.push(
      ...tally.findings(),
      ...checkBlankLines(scanner.blankLineCount, scanner.blankLines),
      ...checkRowLimit(scanner.rows, facts.headerLine, contract),
    );
  }
  return { facts, mapping, findings, hasRows: scanner.header !== null, pieces };
}

/** Header checks. When the header line itself is broken, the rest would only be noise. */
function checkHeader(
  facts: FileFacts,
  mapping: ColumnMapping[],
  contract: ContractFile,
  profile: Profile,
  fault: RowFault | null,
): Finding[] {
  const line = facts.headerLine;
  if (fault !== null) {
    const expected = "a readable header line";
    return [
      {
        check: "header",
        level: "header",
        severity: "FAIL",
        column: null,
        count: 1,
        message: `the header on line ${line} cannot be read: ${fault.detail}`,
        expected,
        samples: [{ line, column: `(cell ${fault.cell})`, key: {}, value: shownValue(fault.row), expected }],
        quarantined: false,
      },
    ];
  }
  const limit = checkColumnLimit(facts.header, line, contract);
  if (limit.length > 0) return limit;
  return [
    ...checkDelimiter(facts.delimiter!, line, contract),
    ...checkHeaderNames(facts.header, line),
    ...checkDuplicateColumns(facts.header, line, profile),
    ...checkRequiredColumns(mapping, line, profile),
    ...checkExtraColumns(mapping, line, profile),
  ];
}

/** With these, rows would be read into the wrong columns. */
function stopsReading(findings: Finding[]): boolean {
  return findings.some(
    (finding) =>
      finding.severity === "FAIL" &&
      ["header", "column_limit", "delimiter", "required_columns"].includes(finding.check),
  );
}

function noHeader(name: string): Finding {
  return fileFinding("header", `${name} holds no header, only empty lines; export it again`, "a header line");
}

function decodeHead(head: Buffer, facts: FileFacts): string {
  const text = new TextDecoder(facts.encoding!, { ignoreBOM: true }).decode(head);
  facts.hasBom = text.startsWith("\uFEFF");
  return facts.hasBom ? text.slice(1) : text;
}

/** The encoding by its byte-order mark, else the first of the contract's that fits the whole file. */
async function detectEncoding(
  file: FileHandle,
  head: Buffer,
  contract: ContractFile,
): Promise<Encoding | { finding: Finding }> {
  const allowed = contract.csv.encodings;
  const expected = allowed.join(" or ");
  const refuse = (found: string) => ({
    finding: fileFinding(
      "encoding",
      `the file is written in ${found}, the contract takes ${expected}; save it as ${allowed[0]}`,
      expected,
      found,
    ),
  });
  if (head[0] === 0xff && head[1] === 0xfe)
    return allowed.includes("utf-16le") ? "utf-16le" : refuse("UTF-16 (little-endian)");
  if (head[0] === 0xfe && head[1] === 0xff) return refuse("UTF-16 (big-endian)");
  if (head.length >= 4 && head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0)
    return allowed.includes("utf-16le") ? "utf-16le" : refuse("UTF-16 without a byte-order mark");
  if (allowed.length === 1) return allowed[0]!;
  for (const encoding of allowed) {
    if (encoding === "utf-16le") continue;
    if (encoding !== "utf-8" || (await isUtf8File(file))) return encoding;
  }
  return allowed[0]!;
}

/** Whether every byte of the file is UTF-8. */
async function isUtf8File(file: FileHandle): Promise<boolean> {
  const buffer = Buffer.allocUnsafe(1024 * 1024 + 4);
  let kept = 0;
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, kept, buffer.length - kept, position);
    if (bytesRead === 0) return kept === 0 || isUtf8(buffer.subarray(0, kept));
    position += bytesRead;
    const length = kept + bytesRead;
    // A character may be cut at the end of the block: keep back up to three bytes from its first one.
    let end = length;
    while (end > length - 4 && end > 0 && (buffer[end - 1]! & 0xc0) === 0x80) end--;
    if (end > 0 && buffer[end - 1]! >= 0xc0) end--;
    else end = length;
    if (!isUtf8(buffer.subarray(0, end))) return false;
    buffer.copyWithin(0, end, length);
    kept = length - end;
  }
}
