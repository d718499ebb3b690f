import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Effects } from "@rossmann/core";
import type { LoadedContract } from "../contract/registry.ts";
import { PreflightError } from "./errors.ts";
import type { PreflightOutcome, PreflightSource } from "./outcome.ts";
import { runPreflight } from "./run-preflight.ts";

export interface DryRunRequest {
  source: PreflightSource;
  /** path of a file that was examined or loaded before */
  file: string;
  /** its hash then; another file that lies there by now must not be judged, nor shown. Null for a file of our own */
  sha256: string | null;
  contract: LoadedContract;
  /** default: the one that belongs to the source */
  profile?: string;
  /** the delivery's other files by profile */
  related?: Record<string, string>;
  effects?: Effects;
}

/**
 * What a contract would say of an earlier file, as if it came today in mode enforce. Nothing is kept: no report, no row in a
 * registry.
 *
 * @throws {PreflightError} `preflight_file_gone` or `preflight_file_changed`, {ContractError} `contract_profile_unknown`
 */
export async function dryRunPreflight(request: DryRunRequest): Promise<PreflightOutcome> {
  const { sha256, ...rest } = request;
  if (sha256 !== null && (await hashOf(request.file)) !== sha256) throw changed(request.file);
  const artifactRoot = await mkdtemp(join(tmpdir(), "rossmann-dry-run-"));
  try {
    const outcome = await runPreflight({ ...rest, mode: "enforce", artifactRoot });
    const read = outcome.file?.sha256 ?? sha256;
    if (sha256 !== null && read !== sha256) throw changed(request.file);
    return { ...outcome, artifactDir: null, artifacts: {}, loadPath: outcome.inputPath, usedUnified: false };
  } finally {
    await rm(artifactRoot, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new PreflightError(
      "preflight_file_gone",
      "conflict",
      `the file ${basename(path)} is no longer where it was loaded from (${(error as NodeJS.ErrnoException).code ?? "unreadable"}); deliver it again, then try again with that run`,
      { cause: error },
    );
  }
  return hash.digest("hex");
}

const changed = (path: string) =>
  new PreflightError(
    "preflight_file_changed",
    "conflict",
    `the file ${basename(path)} is not the one of that run any more: its content has changed since; deliver it again, then try again with that run`,
  );
