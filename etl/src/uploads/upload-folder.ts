import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Settings } from "@rossmann/core";
import type { SourceName, UploadedFile } from "@rossmann/warehouse";

const UPLOAD_ID = /^upl_[0-9a-z]{20}$/;
const INCOMING = "incoming-";
/** A delivery that is still coming in after so long belongs to a killed process. */
const INCOMING_LIMIT_MS = 86_400_000;

export const isUploadId = (text: string): boolean => UPLOAD_ID.test(text);

/** Where deliveries lie until they are loaded. */
export const uploadRoot = (settings: Settings): string =>
  resolve(settings.UPLOAD_DIR ?? join(settings.home, "uploads"));

/** Path of one file of a delivery. Its name is ours: no word of whoever sent it becomes part of a path. */
export function uploadedPath(root: string, uploadId: string, source: SourceName): string {
  return join(folderOf(root, uploadId), `${source}.csv`);
}

/** The files of a delivery as a load takes them. */
export function uploadedPaths(root: string, uploadId: string, files: readonly UploadedFile[]) {
  const path = (source: SourceName) =>
    files.some((file) => file.source === source) ? uploadedPath(root, uploadId, source) : null;
  return { train: uploadedPath(root, uploadId, "train"), store: path("store"), future: path("future") };
}

/** A delivery that is coming in. Nobody sees it before `keep`, and nothing is left of it after `drop`. */
export interface IncomingDelivery {
  uploadId: string;
  pathOf(source: SourceName): string;
  /** all of it is there */
  keep(): Promise<void>;
  /** it broke off, or was refused; after `keep` it does the same */
  drop(): Promise<void>;
}

export async function openDelivery(root: string): Promise<IncomingDelivery> {
  const uploadId = `upl_${BigInt(`0x${randomBytes(13).toString("hex")}`)
    .toString(36)
    .padStart(20, "0")
    .slice(-20)}`;
  const incoming = join(root, `${INCOMING}${uploadId}`);
  await mkdir(incoming, { recursive: true });
  return {
    uploadId,
    pathOf: (source) => join(incoming, `${source}.csv`),
    keep: () => rename(incoming, folderOf(root, uploadId)),
    async drop() {
      await rm(incoming, { recursive: true, force: true });
      await removeUploadedFiles(root, uploadId);
    },
  };
}

export async function removeUploadedFiles(root: string, uploadId: string): Promise<void> {
  await rm(folderOf(root, uploadId), { recursive: true, force: true });
}

/** Remove what killed processes left of deliveries that never came in whole. */
export async function removeBrokenDeliveries(root: string, now: number): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(INCOMING))) {
    const age = await stat(join(root, name)).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > INCOMING_LIMIT_MS) await rm(join(root, name), { recursive: true, force: true });
  }
}

function folderOf(root: string, uploadId: string): string {
  if (!isUploadId(uploadId)) throw new Error(`${JSON.stringify(uploadId)} is no id of an upload`);
  return join(root, uploadId);
}
