import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "./errors.ts";

/** A file could not be written; what was under its name before is still there. */
export class FileNotWrittenError extends AppError {
  constructor(path: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code;
    const reason =
      { ENOSPC: "the disk is full", EACCES: "no write access", EROFS: "the disk is read-only" }[code ?? ""] ??
      code ??
      "failed";
    super(
      "file_not_written",
      "unavailable",
      `${path} could not be written: ${reason}; what was there before is unchanged`,
      { cause },
    );
  }
}

/**
 * Write a file so that its name stands for the old content or the whole new one, never for half of it: written beside it,
 * flushed to the disk, then renamed.
 *
 * @param path    made together with its folder when absent
 * @throws {FileNotWrittenError} when the disk is full or the folder cannot be written
 */
export function writeFileAtomically(path: string, content: Uint8Array | string): void {
  const draft = `${path}.${process.pid}.part`;
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(draft, "w");
    try {
      for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    removeQuietly(draft);
    throw new FileNotWrittenError(path, error);
  }
}

/** The failure that brought us here is the one worth telling. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}
