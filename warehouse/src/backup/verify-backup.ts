import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { messageOf } from "@rossmann/core";
import { BackupError } from "./errors.ts";
import { type BackupManifest, type BackupTable, readManifest } from "./manifest.ts";

const NEWLINE = 10;

/**
 * Read every file of a backup and compare it with the manifest: checksum, compression, number of rows.
 *
 * @throws {BackupError} naming the first file that is missing or differs
 */
export async function verifyBackup(folder: string): Promise<BackupManifest> {
  const manifest = readManifest(folder);
  for (const table of manifest.tables) await verifyFile(folder, table);
  return manifest;
}

async function verifyFile(folder: string, { file, rows, sha256 }: BackupTable): Promise<void> {
  const path = join(folder, file);
  const damaged = (what: string, cause?: unknown) =>
    new BackupError("backup_damaged", `${path} ${what}: the backup is damaged, use another one`, { cause });
  if (!existsSync(path)) throw damaged("is missing");
  const hash = createHash("sha256");
  let lines = 0;
  try {
    await pipeline(
      createReadStream(path),
      new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      }),
      createGunzip(),
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          // A line of COPY's text form is a row: line breaks within values are written as \n.
          for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
          done();
        },
      }),
    );
  } catch (error) {
    throw damaged(`cannot be unpacked (${messageOf(error)})`, error);
  }
  if (hash.digest("hex") !== sha256) throw damaged("is not the file that was written (checksum)");
  if (lines !== rows) throw damaged(`holds ${lines} rows instead of ${rows}`);
}
