import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BackupError } from "./errors.ts";

/** Version of the layout of a backup folder. */
export const BACKUP_FORMAT = 1;
const MANIFEST = "manifest.json";

/** One table, or one partition of one, as a file of PostgreSQL's COPY text form, compressed with gzip. */
export interface BackupTable {
  name: string;
  /** for a partition: the table it belongs to, and which rows, in PostgreSQL's own words */
  partitionOf: { table: string; bound: string } | null;
  columns: string[];
  rows: number;
  /** order-independent digest of all rows, as the server computes it */
  digest: string;
  file: string;
  bytes: number;
  /** of the compressed file */
  sha256: string;
}

export interface BackupManifest {
  format: number;
  createdAt: string;
  /** of the PostgreSQL it was read from, for people */
  serverVersion: string;
  migrations: { version: number; name: string; sha256: string }[];
  tables: BackupTable[];
  sequences: { name: string; value: string; isCalled: boolean }[];
}

export const manifestPath = (folder: string) => join(folder, MANIFEST);

/**
 * @throws {BackupError} when the folder holds no backup, or one of a layout that this program does not know
 */
export function readManifest(folder: string): BackupManifest {
  let text: string;
  try {
    text = readFileSync(manifestPath(folder), "utf8");
  } catch (cause) {
    throw new BackupError("backup_missing", `${folder} holds no backup: it has no ${MANIFEST}`, { cause });
  }
  const manifest = parse(text, folder);
  if (manifest.format !== BACKUP_FORMAT) {
    throw new BackupError(
      "backup_of_other_version",
      `the backup in ${folder} has layout ${manifest.format}, this program reads layout ${BACKUP_FORMAT}: restore it with the version of the program that made it`,
    );
  }
  return manifest;
}

function parse(text: string, folder: string): BackupManifest {
  try {
    const manifest = JSON.parse(text) as BackupManifest;
    if (Array.isArray(manifest.tables) && Array.isArray(manifest.migrations)) return manifest;
    if (typeof manifest.format === "number" && manifest.format !== BACKUP_FORMAT) return manifest;
  } catch {
    // told below
  }
  throw new BackupError(
    "backup_damaged",
    `${manifestPath(folder)} is damaged: it is not a manifest of a backup`,
  );
}
