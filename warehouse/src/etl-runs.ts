import { sql } from "kysely";
import type pg from "pg";
import { connectionOf, type Db } from "./db.ts";
import { LoadInProgressError, NotFoundError, RegistryConflictError } from "./errors.ts";
import { newRunId } from "./run-id.ts";
import { comesAfter } from "./run-page.ts";
import type { FindingSeverity, LoadKind, PreflightMode, RunStatus, SourceName } from "./tables.ts";

/** One load. */
export interface EtlRun {
  runId: string;
  startedAt: Date;
  finishedAt: Date | null;
  heartbeatAt: Date;
  status: RunStatus;
  dataSourceId: number | null;
  loadKind: LoadKind;
  preflightMode: PreflightMode;
  trainInputPath: string | null;
  storeInputPath: string | null;
  futureInputPath: string | null;
  rowsRead: number;
  rowsAccepted: number;
  rowsRejected: number;
  rowsUnchanged: number;
  summary: Record<string, unknown>;
  errorMessage: string | null;
}

/** A sampled finding of a load. */
export interface EtlFinding {
  code: string;
  severity: FindingSeverity;
  sourceName: SourceName;
  /** line in the file, the header being line 1; null when it concerns the file */
  line: number | null;
  columnName: string | null;
  value: string | null;
  message: string;
}

export interface NewEtlRun {
  dataSource: { id: number; name: string };
  loadKind?: LoadKind;
  preflightMode?: PreflightMode;
  trainInputPath?: string | null;
  storeInputPath?: string | null;
  futureInputPath?: string | null;
}

/** What a load counted. Rows are those of the sales file. */
export interface EtlCounts {
  rowsRead: number;
  rowsAccepted: number;
  rowsRejected: number;
  rowsUnchanged: number;
  summary: Record<string, unknown>;
}

/** A run that is under way in this process; it says so by heartbeat and by a lock that ends with its connection. */
export interface RunningEtl {
  readonly runId: string;
  readonly dataSource: { id: number; name: string };
  readonly loadKind: LoadKind;
  /** Mark it FAILED; does nothing when it is not RUNNING any more. */
  fail(errorMessage: string, counts?: Partial<EtlCounts>, findings?: readonly EtlFinding[]): Promise<void>;
  /** Stop the heartbeat and give up the lock. Call it last, whatever happened. */
  release(): Promise<void>;
}

const HEARTBEAT_MS = 5_000;
/** A RUNNING load whose heartbeat is older belongs to a killed process, whatever its lock says. */
export const ETL_LEASE_MS = 60_000;

/**
 * Register a load that begins. Of one source only one load runs at a time; loads of other sources are not hindered.
 *
 * @throws {LoadInProgressError} when another load of the source is alive
 */
export async function startEtlRun(db: Db, input: NewEtlRun): Promise<RunningEtl> {
  const runId = newRunId("etl");
  const client = await connectionOf(db);
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtext('etl_run_start'), $1)", [input.dataSource.id]);
    await failDead(client, ETL_LEASE_MS, input.dataSource.id);
    const alive = await client.query<{ run_id: string; started_at: Date }>(
      "select run_id, started_at from etl_run_registry where data_source_id = $1 and status = 'RUNNING'",
      [input.dataSource.id],
    );
    const other = alive.rows[0];
    if (other !== undefined) {
      throw new LoadInProgressError(input.dataSource.name, other.run_id, other.started_at.toISOString());
    }
    await client.query("select pg_advisory_lock(hashtext('etl_run'), hashtext($1))", [runId]);
    await client.query(
      `insert into etl_run_registry
         (run_id, status, data_source_id, load_kind, preflight_mode, train_input_path, store_input_path, future_input_path)
       values ($1, 'RUNNING', $2, $3, $4, $5, $6, $7)`,
      [
        runId,
        input.dataSource.id,
        input.loadKind ?? "full",
        input.preflightMode ?? "off",
        input.trainInputPath ?? null,
        input.storeInputPath ?? null,
        input.futureInputPath ?? null,
      ],
    );
    await client.query("commit");
  } catch (error) {
    client.release(true);
    throw error;
  }

  const heartbeat = setInterval(() => {
    // A missed beat is not worth failing for: the lease allows several.
    client
      .query(
        "update etl_run_registry set heartbeat_at = clock_timestamp() where run_id = $1 and status = 'RUNNING'",
        [runId],
      )
      .catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    runId,
    dataSource: input.dataSource,
    loadKind: input.loadKind ?? "full",
    async fail(errorMessage, counts, findings = []) {
      await db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable("etl_run_registry")
          .set({
            status: "FAILED",
            finished_at: sql<Date>`now()`,
            error_message: errorMessage,
            ...countColumns(counts),
          })
          .where("run_id", "=", runId)
          .where("status", "=", "RUNNING")
          .executeTakeFirst();
        if (numUpdatedRows > 0n) await insertFindings(trx, runId, findings);
      });
    },
    async release() {
      clearInterval(heartbeat);
      // The connection holds a session lock: it is closed, never given back to the pool.
      client.release(true);
    },
  };
}

/**
 * Mark a run COMPLETED, inside the transaction that makes its data visible.
 *
 * @throws {RegistryConflictError} when it is not RUNNING any more: it was given up as dead, so its data must not show
 */
export async function completeEtlRun(
  trx: Db,
  runId: string,
  counts: EtlCounts,
  findings: readonly EtlFinding[],
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable("etl_run_registry")
    .set({
      status: "COMPLETED",
      finished_at: sql<Date>`clock_timestamp()`,
      heartbeat_at: sql<Date>`clock_timestamp()`,
      ...countColumns(counts),
    })
    .where("run_id", "=", runId)
    .where("status", "=", "RUNNING")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new RegistryConflictError(
      "run_not_running",
      `load ${runId} was given up as dead by another process; load again`,
    );
  }
  await insertFindings(trx, runId, findings);
}

/**
 * Mark RUNNING loads of killed processes as FAILED: those whose lock is gone with their connection, and those whose heartbeat
 * has stopped for longer than the lease.
 *
 * @returns how many
 */
export async function failStaleRuns(db: Db, leaseMs: number = ETL_LEASE_MS): Promise<number> {
  const client = await connectionOf(db);
  try {
    await client.query("begin");
    const failed = await failDead(client, leaseMs, null);
    await client.query("commit");
    client.release();
    return failed;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function failDead(
  client: pg.PoolClient,
  leaseMs: number,
  dataSourceId: number | null,
): Promise<number> {
  // A lock that can be had belongs to nobody; it is given back when this transaction ends.
  const { rowCount } = await client.query(
    `update etl_run_registry
     set status = 'FAILED', finished_at = clock_timestamp(),
         error_message = 'the process that loaded ended without a word; the data loaded before is untouched'
     where status = 'RUNNING' and ($2::integer is null or data_source_id = $2)
       and (heartbeat_at < clock_timestamp() - make_interval(secs => $1)
            or pg_try_advisory_xact_lock(hashtext('etl_run'), hashtext(run_id)))`,
    [leaseMs / 1000, dataSourceId],
  );
  return rowCount ?? 0;
}

/**
 * Newest first. `limit` is held to 1–1000, default 50.
 *
 * @param options `after` the run that the page before ended with; an unknown one has nothing after it
 */
export async function listEtlRuns(
  db: Db,
  options: { dataSourceId?: number; status?: RunStatus; after?: string; limit?: number } = {},
): Promise<EtlRun[]> {
  let query = db.selectFrom("etl_run_registry").select(columns);
  if (options.dataSourceId !== undefined) query = query.where("data_source_id", "=", options.dataSourceId);
  if (options.after !== undefined) {
    query = query.where(comesAfter("etl_run_registry", "started_at", options.after));
  }
  if (options.status !== undefined) query = query.where("status", "=", options.status);
  return query
    .orderBy("started_at", "desc")
    .orderBy("run_id")
    .limit(Math.min(Math.max(options.limit ?? 50, 1), 1000))
    .execute();
}

/** @throws {NotFoundError} `run_not_found` */
export async function findEtlRun(db: Db, runId: string): Promise<EtlRun> {
  const run = await db
    .selectFrom("etl_run_registry")
    .select(columns)
    .where("run_id", "=", runId)
    .executeTakeFirst();
  if (run === undefined) throw new NotFoundError("run_not_found", `there is no load ${runId}`);
  return run;
}

/** The stored findings of a load in the order of the file; samples, the exact counts are in the run's summary. */
export async function etlFindings(db: Db, runId: string): Promise<EtlFinding[]> {
  return db
    .selectFrom("etl_run_finding")
    .where("run_id", "=", runId)
    .select([
      "code",
      "severity",
      "source_name as sourceName",
      "line",
      "column_name as columnName",
      "value",
      "message",
    ])
    .orderBy("finding_no")
    .execute();
}

async function insertFindings(trx: Db, runId: string, findings: readonly EtlFinding[]): Promise<void> {
  if (findings.length === 0) return;
  await sql`
    insert into etl_run_finding (run_id, finding_no, code, severity, source_name, line, column_name, value, message)
    select ${runId}, f.finding_no, f.code, f.severity, f.source_name, f.line, f.column_name, f.value, f.message
    from unnest(
      ${findings.map((finding) => finding.code)}::text[],
      ${findings.map((finding) => finding.severity)}::text[],
      ${findings.map((finding) => finding.sourceName)}::text[],
      ${findings.map((finding) => finding.line)}::bigint[],
      ${findings.map((finding) => finding.columnName)}::text[],
      ${findings.map((finding) => finding.value)}::text[],
      ${findings.map((finding) => finding.message)}::text[]
    ) with ordinality as f (code, severity, source_name, line, column_name, value, message, finding_no)
  `.execute(trx);
}

function countColumns(counts: Partial<EtlCounts> = {}) {
  return {
    ...(counts.rowsRead !== undefined && { rows_read: counts.rowsRead }),
    ...(counts.rowsAccepted !== undefined && { rows_accepted: counts.rowsAccepted }),
    ...(counts.rowsRejected !== undefined && { rows_rejected: counts.rowsRejected }),
    ...(counts.rowsUnchanged !== undefined && { rows_unchanged: counts.rowsUnchanged }),
    ...(counts.summary !== undefined && { summary_json: JSON.stringify(counts.summary) }),
  };
}

const columns = [
  "run_id as runId",
  "started_at as startedAt",
  "finished_at as finishedAt",
  "heartbeat_at as heartbeatAt",
  "status",
  "data_source_id as dataSourceId",
  "load_kind as loadKind",
  "preflight_mode as preflightMode",
  "train_input_path as trainInputPath",
  "store_input_path as storeInputPath",
  "future_input_path as futureInputPath",
  "rows_read as rowsRead",
  "rows_accepted as rowsAccepted",
  "rows_rejected as rowsRejected",
  "rows_unchanged as rowsUnchanged",
  "summary_json as summary",
  "error_message as errorMessage",
] as const;
