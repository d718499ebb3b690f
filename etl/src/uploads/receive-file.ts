import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@rossmann/core";
import { DiskFullError, type SourceName, type UploadedFile } from "@rossmann/warehouse";

export type UploadCode =
  | "upload_too_large"
  | "upload_empty"
  | "upload_not_csv"
  | "upload_name_invalid"
  | "upload_incomplete"
  | "upload_part_unknown";

/** A delivery cannot be taken in; nothing of it is kept. */
export class UploadRefused extends AppError {
  constructor(code: UploadCode, message: string) {
    super(code, "invalid", `${message}; nothing of the delivery was kept`);
  }
}

const LONGEST_NAME = 200;
/** Letters, digits and what people put between them; nothing that means something to a file system, as it is or encoded. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._()+,&'@-]*\.(csv|txt)$/iu;

/** What a file begins with that is no table of text, whatever its name says. */
const SIGNATURES: readonly [words: string, bytes: readonly number[]][] = [
  ["a ZIP archive (an Excel workbook is one too)", [0x50, 0x4b, 0x03, 0x04]],
  ["an empty ZIP archive", [0x50, 0x4b, 0x05, 0x06]],
  ["compressed with gzip", [0x1f, 0x8b]],
  ["compressed with bzip2", [0x42, 0x5a, 0x68]],
  ["compressed with xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["compressed with zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a 7z archive", [0x37, 0x7a, 0xbc, 0xaf]],
  ["a RAR archive", [0x52, 0x61, 0x72, 0x21]],
  ["a PDF", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["an old Excel workbook", [0xd0, 0xcf, 0x11, 0xe0]],
  ["a Parquet file", [0x50, 0x41, 0x52, 0x31]],
];

/**
 * Take a file in, chunk by chunk, to a path of ours: memory stays flat whatever its size, and nothing is ever unpacked.
 *
 * @param stream what comes in
 * @param file   its kind, the name it came with, the path it goes to and the most bytes it may have
 * @throws {UploadRefused} for a name that is none, an empty file, one that is no text, one that is too large;
 *   {DiskFullError}; whatever the stream ends with when it breaks off
 */
export async function receiveFile(
  stream: Readable,
  file: { source: SourceName; name: string; path: string; limitBytes: number },
): Promise<UploadedFile> {
  const { source, name, path, limitBytes } = file;
  refuseName(source, name);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    await pipeline(
      stream,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          if (sizeBytes === 0) refuseContent(source, name, chunk);
          sizeBytes += chunk.length;
          if (sizeBytes > limitBytes) throw tooLarge(source, name, limitBytes);
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path),
    );
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC")
      throw new DiskFullError("the server's folder for uploads", { cause: error });
    throw error;
  }
  if (sizeBytes === 0) throw new UploadRefused("upload_empty", `${source} (${name}) is empty`);
  return { source, name, sizeBytes, sha256: hash.digest("hex") };
}

export function tooLarge(source: string, name: string, limitBytes: number): UploadRefused {
  return new UploadRefused(
    "upload_too_large",
    `${source} (${name}) is larger than the ${Math.round(limitBytes / 1_000_000)} MB that may be uploaded (UPLOAD_LIMIT_MB); load larger files with "rossmann etl"`,
  );
}

function refuseName(source: SourceName, name: string): void {
  if (name.length <= LONGEST_NAME && NAME.test(name) && !name.includes("..")) return;
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  throw new UploadRefused(
    "upload_name_invalid",
    `the name of ${source} is ${shown}, expected a plain file name that ends in .csv or .txt, without any folder`,
  );
}

function refuseContent(source: SourceName, name: string, start: Buffer): void {
  const known = SIGNATURES.find(([, bytes]) => bytes.every((byte, place) => start[place] === byte));
  const isUtf16 = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  const what = known?.[0] ?? (!isUtf16 && start.subarray(0, 4096).includes(0) ? "a binary file" : null);
  if (what === null) return;
  throw new UploadRefused(
    "upload_not_csv",
    `${source} (${name}) is ${what}, expected a table of text: unpack it, or save it as CSV`,
  );
}
