import { randomUUID } from "node:crypto";
import { mkdir, rename, rmdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Effects, systemEffects } from "@rossmann/core";
import { findProfile, type LoadedContract } from "../contract/registry.ts";
import { runCellChecks } from "./cell-checks.ts";
import { checkDuplicates } from "./checks/duplicates.ts";
import { type CheckDatabase, openCheckDatabase } from "./database.ts";
import { artifactError, PreflightError } from "./errors.ts";
import { type Finding, type Verdict, worst } from "./finding.ts";
import { htmlReport } from "./html-report.ts";
import {
  ARTIFACT_FILES,
  type ArtifactType,
  type BlockReason,
  type PreflightMode,
  type PreflightOutcome,
  type PreflightSource,
} from "./outcome.ts";
import { type ReadResult, readFile } from "./read-file.ts";
import { ReadOnlyRoom } from "./read-only.ts";
import { Rejections } from "./rejections.ts";
import {
  type Manifest,
  type SemanticReport,
  semanticReport,
  type ValidationReport,
  validationReport,
} from "./reports.ts";
import { runRules } from "./run-rules.ts";
import { type StagedTable, Stager } from "./staged-table.ts";
import { describeUnification, type Unification, writeUnified } from "./unify.ts";
import { makeWorkFolder, removeWork } from "./work-folder.ts";

/** Profile that belongs to each file of a delivery unless another one is named. */
export const DEFAULT_PROFILES: Record<PreflightSource, string> = {
  train: "train",
  store: "store",
  future: "known_future",
};

export interface PreflightRequest {
  source: PreflightSource;
  /** path of the file */
  file: string;
  contract: LoadedContract;
  /** default: the one of {@link DEFAULT_PROFILES} */
  profile?: string;
  mode: PreflightMode;
  /** artifacts go to `<artifactRoot>/<runId>/<source>/` */
  artifactRoot: string;
  /** default: a new one; the files of one delivery share theirs */
  runId?: string;
  /** the delivery's other files by profile, for rules that compare files */
  related?: Record<string, string>;
  onProgress?: (progress: { bytes: number; totalBytes: number; rows: number }) => void;
  effects?: Effects;
}

/** A new id for a run, sortable by time, different for two runs of one moment. */
export function newPreflightRunId(now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "_").slice(0, 15);
  return `${stamp}_${randomUUID().slice(0, 8)}`;
}

/**
 * Examine one file against a contract: file, header, rows, cells, rules, in this order, all findings and never only the
 * first. Memory does not grow with the file. The artifacts appear all at once or not at all.
 *
 * Bad data is a value, not an error: the outcome says what was found and whether a load may go on.
 *
 * @throws {ContractError} `contract_profile_unknown`
 * @throws {PreflightError} when the artifacts cannot be written (`preflight_disk_full`, `preflight_artifacts_failed`,
 *   `preflight_run_exists`) or the checks break off (`preflight_failed`); nothing half-written stays behind
 */
export async function runPreflight(request: PreflightRequest): Promise<PreflightOutcome> {
  const effects = request.effects ?? systemEffects();
  const startedAt = effects.now();
  const inputPath = resolve(request.file);
  const runId = request.runId ?? newPreflightRunId(startedAt);
  if (request.mode === "off") return skipped(request, runId, inputPath, startedAt);
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(runId))
    throw new PreflightError(
      "preflight_run_id_invalid",
      "invalid",
      "a run id has 1 to 64 letters, digits, _ . or -",
    );
  const { name: profileName } = findProfile(
    request.contract.contract,
    request.profile ?? DEFAULT_PROFILES[request.source],
  );

  const runFolder = join(resolve(request.artifactRoot), runId);
  const artifactDir = join(runFolder, request.source);
  let workFolder: string | undefined;
  let db: CheckDatabase | undefined;
  let room: ReadOnlyRoom | undefined;
  try {
    const work = await makeWorkFolder(resolve(request.artifactRoot), `${runId}-${request.source}`);
    workFolder = work;
    const outFolder = join(work, "artifacts");
    await mkdir(outFolder);
    const database = await openCheckDatabase(work);
    db = database;
    const rejections = new Rejections(database, work);
    const { read, table } = await readAndStage(request, profileName, work, database, rejections);

    const findings: Finding[] = [...read.findings];
    let rules: Awaited<ReturnType<typeof runRules>> | null = null;
    if (table !== null) {
      findings.push(...(await runCellChecks(table, rejections)));
      findings.push(...(await checkDuplicates(table, rejections)));
      room = new ReadOnlyRoom(table, work);
      const asked = room;
      rules = await runRules(
        {
          table,
          now: effects.now(),
          related: relatedTables(request, work, database),
          askReadOnly: (statement, seconds) => asked.ask(statement, seconds),
        },
        rejections,
      );
    }

    const validation = validationReport(request.contract, profileName, read.facts, findings, table);
    const semantic = semanticReport(rules);
    const finalStatus = worst([validation.status, semantic.status]);
    const blockReason = request.mode === "enforce" ? reasonToBlock(validation.status, semantic.status) : null;
    const usedUnified = request.mode === "enforce" && blockReason === null;
    const unification = table === null ? null : await describeUnification(table, rejections);
    const files = await writeArtifacts({
      request,
      outFolder,
      validation,
      semantic,
      unification,
      table,
      rejections,
      runId,
      usedUnified,
      blockReason,
      finalStatus,
      createdAt: startedAt,
    });
    await mkdir(runFolder, { recursive: true });
    await publish(outFolder, artifactDir, runId, request.source);
    const artifacts = Object.fromEntries(
      files.map((type) => [type, join(artifactDir, ARTIFACT_FILES[type])]),
    );
    return {
      runId,
      source: request.source,
      mode: request.mode,
      createdAt: new Date(startedAt).toISOString(),
      contractId: request.contract.id,
      contractVersion: request.contract.version,
      contractSha256: request.contract.sha256,
      profile: profileName,
      validationStatus: validation.status,
      semanticStatus: semantic.status,
      finalStatus,
      blocked: blockReason !== null,
      blockReason,
      inputPath,
      loadPath: usedUnified ? join(artifactDir, ARTIFACT_FILES.unified_csv) : inputPath,
      usedUnified,
      artifactDir,
      artifacts,
      file: read.facts,
      rowsRead: read.facts.rows,
      rowsAccepted: unification?.output_row_count ?? 0,
      rowsRejected: unification?.rejected_row_count ?? 0,
      findings: [...validation.findings, ...semantic.findings],
      rules: semantic.rules,
      validation,
      semantic,
      unification,
      elapsedMs: effects.now() - startedAt,
    };
  } catch (error) {
    throw artifactError(error, request.artifactRoot);
  } finally {
    room?.close();
    db?.close();
    if (workFolder !== undefined) await removeWork(workFolder);
    // Only a run that left nothing leaves an empty folder; one with reports cannot be removed this way.
    await rmdir(runFolder).catch(() => undefined);
  }
}

/** Read the file once and stage its rows while it is read. */
async function readAndStage(
  request: PreflightRequest,
  profileName: string,
  workFolder: string,
  db: CheckDatabase,
  rejections: Rejections,
): Promise<{ read: ReadResult; table: StagedTable | null }> {
  const { contract } = request.contract;
  const profile = contract.profiles[profileName]!;
  const stager = new Stager(db, contract, profile);
  const read = await readFile({
    path: request.file,
    contract,
    profile,
    workFolder,
    onPiece: (piece, mapping, delimiter) => stager.add(piece, mapping, delimiter),
    onRowFault: (fault) => rejections.addUnreadable(fault),
    onBlock: () => rejections.spill(),
    onProgress: request.onProgress,
  });
  await rejections.settle();
  const table = read.hasRows ? await stager.finish(read.pieces, read.mapping) : null;
  return { read, table };
}

/** Reads the delivery's other files when a rule first asks for them. */
function relatedTables(
  request: PreflightRequest,
  workFolder: string,
  db: CheckDatabase,
): (profile: string) => Promise<StagedTable | null> {
  const known = new Map<string, Promise<StagedTable | null>>();
  const read = async (asked: string): Promise<StagedTable | null> => {
    const { name, profile } = findProfile(request.contract.contract, asked);
    const path = Object.entries(request.related ?? {}).find(
      ([given]) => given === name || profile.aliases.includes(given),
    )?.[1];
    if (path === undefined) return null;
    const folder = join(workFolder, `related-${name}`);
    await mkdir(folder, { recursive: true });
    const stager = new Stager(db, request.contract.contract, profile);
    const result = await readFile({
      path,
      contract: request.contract.contract,
      profile,
      workFolder: folder,
      onPiece: (piece, mapping, delimiter) => stager.add(piece, mapping, delimiter),
    });
    if (!result.hasRows)
      throw new Error(`the ${name} file cannot be read: ${result.findings[0]?.message ?? "no rows"}`);
    return stager.finish(result.pieces, result.mapping);
  };
  return (profile) => {
    const found = known.get(profile) ?? read(profile);
    known.set(profile, found);
    return found;
  };
}

function reasonToBlock(validation: Verdict, semantic: Verdict): BlockReason | null {
  if (validation === "FAIL" || validation === "ERROR") return "validation_fail";
  if (semantic === "FAIL") return "semantic_fail";
  if (semantic === "ERROR") return "semantic_error";
  return null;
}

interface ArtifactParts {
  request: PreflightRequest;
  outFolder: string;
  validation: ValidationReport;
  semantic: SemanticReport;
  unification: Unification | null;
  table: StagedTable | null;
  rejections: Rejections;
  runId: string;
  usedUnified: boolean;
  blockReason: BlockReason | null;
  finalStatus: Verdict;
  createdAt: number;
}

/** Write every artifact into the working folder; returns which there are. */
async function writeArtifacts(parts: ArtifactParts): Promise<ArtifactType[]> {
  const { request, validation, semantic, unification, table, rejections, outFolder } = parts;
  const written: ArtifactType[] = [];
  const path = (type: ArtifactType) => {
    written.push(type);
    return join(outFolder, ARTIFACT_FILES[type]);
  };
  const json = (type: ArtifactType, value: unknown) => writeFile(path(type), JSON.stringify(value, null, 2));

  await json("validation", validation);
  let manifest: Manifest | null = null;
  if (table !== null && unification !== null) {
    manifest = {
      source_file_name: validation.file_name,
      source_file_sha256: validation.file_sha256,
      contract_version: validation.contract_version,
      profile: validation.profile,
      validation_status: validation.status,
      ...unification,
      semantic_quality: semantic,
    };
    await json("semantic", semantic);
    await json("manifest", manifest);
    if (unification.rejected_row_count > 0) await rejections.write(table, path("rejected_rows"));
    if (validation.status !== "FAIL") await writeUnified(table, rejections, path("unified_csv"));
  }
  const report = {
    run_id: parts.runId,
    created_at: new Date(parts.createdAt).toISOString(),
    mode: request.mode,
    source_name: request.source,
    final_status: parts.finalStatus,
    blocked: parts.blockReason !== null,
    block_reason: parts.blockReason,
    raw_input_path: validation.file_name,
    etl_input_path: parts.usedUnified ? ARTIFACT_FILES.unified_csv : validation.file_name,
    validation,
    ...(manifest === null ? {} : { unification: manifest }),
    semantic,
  };
  await json("preflight", report);
  await writeFile(path("html"), htmlReport(report, rejectedLink(written)));
  return written;
}

const rejectedLink = (written: ArtifactType[]) =>
  written.includes("rejected_rows") ? ARTIFACT_FILES.rejected_rows : null;

/** Let the artifacts appear under their name, all at once. */
async function publish(from: string, to: string, runId: string, source: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw new PreflightError(
        "preflight_run_exists",
        "conflict",
        `the run ${runId} already has reports for ${source}; start a new run`,
        { cause: error },
      );
    throw error;
  }
}

function skipped(
  request: PreflightRequest,
  runId: string,
  inputPath: string,
  startedAt: number,
): PreflightOutcome {
  return {
    runId,
    source: request.source,
    mode: "off",
    createdAt: new Date(startedAt).toISOString(),
    contractId: request.contract.id,
    contractVersion: request.contract.version,
    contractSha256: request.contract.sha256,
    profile: null,
    validationStatus: "SKIPPED",
    semanticStatus: "SKIPPED",
    finalStatus: "SKIPPED",
    blocked: false,
    blockReason: null,
    inputPath,
    loadPath: inputPath,
    usedUnified: false,
    artifactDir: null,
    artifacts: {},
    file: null,
    rowsRead: 0,
    rowsAccepted: 0,
    rowsRejected: 0,
    findings: [],
    rules: [],
    validation: null,
    semantic: null,
    unification: null,
    elapsedMs: 0,
  };
}
