import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Inside the folder of reports, so that what is finished there can appear elsewhere in it by one rename. */
const WORK = ".work";
/** No examination takes so long: whatever is older was left by a process that was killed. */
const OLD_MS = 6 * 3_600_000;

/** A folder of its own for one examination. What killed ones left is removed first. */
export async function makeWorkFolder(artifactRoot: string, name: string): Promise<string> {
  const work = join(artifactRoot, WORK);
  await removeLeftovers(work);
  const folder = join(work, `${name}-${randomUUID().slice(0, 8)}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Take away everything an examination worked with. What cannot be removed must not hide why the work ended. */
export async function removeWork(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

async function removeLeftovers(work: string): Promise<void> {
  // The times of files are the machine's, whatever clock the examination goes by.
  const now = Date.now();
  for (const name of await readdir(work).catch(() => [])) {
    const left = join(work, name);
    const changedAt = await stat(left).then(
      ({ mtimeMs }) => mtimeMs,
      () => now,
    );
    if (now - changedAt > OLD_MS) await removeWork(left);
  }
}
