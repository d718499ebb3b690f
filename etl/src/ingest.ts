import { resolve } from "node:path";
import { type Effects, messageOf, systemEffects } from "@rossmann/core";
import {
  createLoad,
  type DataSource,
  type Db,
  type Load,
  type LoadKind,
  type LoadResult,
  type PreflightMode,
  startEtlRun,
} from "@rossmann/warehouse";
import { copyFacts, copyFuture } from "./copy-lines.ts";
import { LoadRequestError, NothingAcceptedError } from "./errors.ts";
import { type FindingCount, Findings } from "./findings.ts";
import { type IngestProgress, progressReporter } from "./progress.ts";
import { readFuture, readSales, readStores } from "./sources.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** The files of a delivery. */
export interface DeliveredFiles {
  train: string;
  /** null only in an incremental load: the stores stay as they are */
  store: string | null;
  future: string | null;
}

export interface IngestRequest extends DeliveredFiles {
  dataSource: DataSource;
  /** default "full": afterwards the source holds what the files hold; "incremental" adds and updates */
  kind?: LoadKind;
  /** only recorded here; what it means is the business of `admit` */
  preflightMode?: PreflightMode;
  /**
   * The door for whoever examines a delivery before it is read: gets the files and the run, gives back the files to read, or
   * throws to turn the delivery away (the run is FAILED with that message then).
   */
  admit?: (files: DeliveredFiles, runId: string) => Promise<DeliveredFiles>;
  onProgress?: (progress: IngestProgress) => void;
}

export interface IngestReport {
  runId: string;
  dataSource: { id: number; name: string };
  kind: LoadKind;
  /** the four of the sales file; read = accepted + rejected */
  rowsRead: number;
  rowsAccepted: number;
  rowsRejected: number;
  /** accepted rows that the warehouse held already with the same content */
  rowsUnchanged: number;
  storesRead: number;
  storesRejected: number;
  futureRead: number;
  futureRejected: number;
  load: LoadResult;
  /** exact counts; samples with line and value are stored with the run */
  findings: FindingCount[];
  elapsedMs: number;
  rowsPerSecond: number;
}

/**
 * Load a delivery: read and check, copy, publish; one run in the registry. Rows that are refused are findings and stay outside;
 * everything else becomes visible at one moment. Whatever fails, the data loaded before is untouched and the run is FAILED.
 *
 * @throws {InputFileError} for a file that is no table, {NothingAcceptedError} when no row is good,
 *   {LoadInProgressError} while the source is being loaded, {DiskFullError}, {LoadFailedError}
 */
export async function ingest(
  db: Db,
  request: IngestRequest,
  effects: Effects = systemEffects(),
): Promise<IngestReport> {
  const kind = request.kind ?? "full";
  if (kind === "full" && request.store === null) throw new LoadRequestError("a full load needs a store file");
  const startedAt = effects.now();
  const step = progressReporter(request.onProgress, effects.now);
  const run = await startEtlRun(db, {
    dataSource: request.dataSource,
    loadKind: kind,
    preflightMode: request.preflightMode,
    trainInputPath: resolve(request.train),
    storeInputPath: request.store && resolve(request.store),
    futureInputPath: request.future && resolve(request.future),
  });
  const findings = new Findings();
  const counts = {
    rowsRead: 0,
    rowsRejected: 0,
    storesRead: 0,
    storesRejected: 0,
    futureRead: 0,
    futureRejected: 0,
  };
  let bench: Workbench | undefined;
  let load: Load | undefined;
  try {
    const offered: DeliveredFiles = { train: request.train, store: request.store, future: request.future };
    const files = request.admit === undefined ? offered : await request.admit(offered, run.runId);
    const desk = await openWorkbench();
    bench = desk;
    const loading = await createLoad(db, run);
    load = loading;

    const stores = await step("read_stores", async () => {
      const known = kind === "incremental" ? await loading.knownStoreIds() : [];
      return readStores(desk, files.store, known, findings);
    });
    Object.assign(counts, { storesRead: stores.read, storesRejected: stores.rejected });
    const sales = await step("read_sales", (rows) =>
      readSales(desk, files.train, stores.fileName, findings, rows),
    );
    Object.assign(counts, { rowsRead: sales.read, rowsRejected: sales.rejected });
    if (sales.read === sales.rejected) throw new NothingAcceptedError(files.train, sales.read, findings);
    const future = await step("read_future", () => readFuture(desk, files.future, stores.fileName, findings));
    Object.assign(counts, { futureRead: future.read, futureRejected: future.rejected });

    await step("copy", (rows) => loading.stageFacts(copyFacts(desk, sales, rows)));
    if (future.read > future.rejected) await loading.stageFuture(copyFuture(desk, future));

    const { rowsRead, rowsRejected, ...others } = counts;
    const summary = {
      ...others,
      findings: findings.counts(),
      files: Object.entries({ store: stores, train: sales, future }).flatMap(([source, { file }]) =>
        file === null ? [] : [{ source, ...file }],
      ),
    };
    const result = await step("compare", (_, next) =>
      loading.publish({
        stores: stores.rows,
        counts: { rowsRead, rowsRejected, summary },
        findings: findings.samples(),
        onPhase: next,
      }),
    );
    const elapsedMs = effects.now() - startedAt;
    return {
      runId: run.runId,
      dataSource: { id: request.dataSource.id, name: request.dataSource.name },
      kind,
      ...counts,
      rowsAccepted: result.factRows,
      rowsUnchanged: result.rowsUnchanged,
      load: result,
      findings: findings.counts(),
      elapsedMs,
      rowsPerSecond: Math.round((counts.rowsRead * 1000) / Math.max(elapsedMs, 1)),
    };
  } catch (error) {
    const { rowsRead, rowsRejected, ...others } = counts;
    await run
      .fail(
        messageOf(error),
        { rowsRead, rowsRejected, summary: { ...others, findings: findings.counts() } },
        findings.samples(),
      )
      // The failure itself is thrown on; that it could not be written down (the database may be away) is only worth a line.
      .catch((reason) =>
        effects.logger.warn({ reason: messageOf(reason) }, "the failed load could not be recorded"),
      );
    throw error;
  } finally {
    await load?.discard().catch(() => undefined);
    await bench?.close();
    await run.release();
  }
}
