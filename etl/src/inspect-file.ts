import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { messageOf } from "@rossmann/core";
import { InputFileError } from "./errors.ts";

/** What a file is, before anything is taken from it. */
export interface InspectedFile {
  path: string;
  /** for messages */
  name: string;
  sizeBytes: number;
  sha256: string;
  /** first line, without byte-order mark and line end */
  header: string;
  /** lines, the header among them */
  lines: number;
  /** what it was like when its first byte was read */
  fingerprint: Fingerprint;
}

const LONGEST_LINE_BYTES = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Read a file once and make sure that it is text in lines: UTF-8, without NUL, lines ending in LF or CRLF.
 *
 * @throws {InputFileError} naming the file, what was found and on which line
 */
export async function inspectFile(path: string): Promise<InspectedFile> {
  const name = basename(path);
  const before = await fingerprint(path, name);
  if (before.size === 0)
    throw new InputFileError("file_empty", `${name} is empty: it needs a header line and rows`);

  const hash = createHash("sha256");
  let lines = 0;
  let header: string | null = null;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = data.lastIndexOf(LF) + 1;
      const whole = data.subarray(0, end);
      if (header === null) refuseOtherEncodings(data, name);
      refuseNul(data, name, lines);
      checkText(whole, name, lines);
      if (header === null && end > 0) header = firstLine(whole);
      lines += countLines(whole);
      rest = data.subarray(end);
      if (rest.length > LONGEST_LINE_BYTES) {
        throw new InputFileError(
          "file_line_too_long",
          `${name} line ${lines + 1} is longer than 1 MB: is this a CSV file?`,
        );
      }
    }
  } catch (error) {
    if (error instanceof InputFileError) throw error;
    throw new InputFileError("file_unreadable", `${name} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (rest.length > 0) {
    checkText(rest, name, lines);
    header ??= firstLine(rest);
    lines++;
  }
  const file = {
    path,
    name,
    sizeBytes: before.size,
    sha256: hash.digest("hex"),
    header: header ?? "",
    lines,
    fingerprint: before,
  };
  await refuseChanged(file);
  return file;
}

/** Size, time and identity of a file now. */
export interface Fingerprint {
  size: number;
  mtimeMs: number;
  ino: number;
}

/** @throws {InputFileError} when it is not a readable file */
async function fingerprint(path: string, name: string = basename(path)): Promise<Fingerprint> {
  try {
    const { size, mtimeMs, ino, isFile } = await stat(path).then((s) => ({ ...s, isFile: s.isFile() }));
    if (!isFile) throw new InputFileError("file_unreadable", `${path} is not a file`);
    const handle = await open(path, "r");
    await handle.close();
    return { size, mtimeMs, ino };
  } catch (error) {
    if (error instanceof InputFileError) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new InputFileError(
        "file_not_found",
        `there is no file ${path}: put ${name} there or name another file`,
        { cause: error },
      );
    }
    throw new InputFileError("file_unreadable", `${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** @throws {InputFileError} when the file is not the one that was inspected any more */
export async function refuseChanged(file: InspectedFile): Promise<void> {
  const before = file.fingerprint;
  const now = await fingerprint(file.path, file.name);
  if (now.size === before.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino) return;
  throw new InputFileError(
    "file_changed",
    `${file.name} changed while it was read (${before.size} bytes, then ${now.size}): wait until it is written, then load again`,
  );
}

function refuseOtherEncodings(start: Buffer, name: string): void {
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
    throw new InputFileError("file_not_utf8", `${name} is UTF-16: save it as UTF-8`);
  }
}

function refuseNul(text: Buffer, name: string, linesBefore: number): void {
  const nul = text.indexOf(0);
  if (nul < 0) return;
  const line = linesBefore + countLines(text.subarray(0, nul)) + 1;
  throw new InputFileError("file_binary", `${name} is not a text file: line ${line} holds a NUL byte`);
}

function checkText(text: Buffer, name: string, linesBefore: number): void {
  if (!isUtf8(text)) {
    throw new InputFileError(
      "file_not_utf8",
      `${name} is not UTF-8: line ${linesBefore + firstBadLine(text)} holds other bytes; save it as UTF-8`,
    );
  }
  for (let at = text.indexOf(CR); at >= 0; at = text.indexOf(CR, at + 1)) {
    if (text[at + 1] === LF) continue;
    const line = linesBefore + countLines(text.subarray(0, at)) + 1;
    throw new InputFileError(
      "file_line_ends",
      `${name} line ${line} holds a carriage return that ends no line: lines must end with LF or CRLF`,
    );
  }
}

function firstBadLine(text: Buffer): number {
  let line = 1;
  for (let start = 0; start < text.length; line++) {
    const end = text.indexOf(LF, start);
    const stop = end < 0 ? text.length : end + 1;
    if (!isUtf8(text.subarray(start, stop))) return line;
    start = stop;
  }
  return line;
}

function countLines(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1)) count++;
  return count;
}

function firstLine(text: Buffer): string {
  const end = text.indexOf(LF);
  const line = text.toString("utf8", 0, end < 0 ? text.length : end);
  return line.replace(/^\uFEFF/, "").replace(/\r$/, "");
}
