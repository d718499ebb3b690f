/**
 * Databases for tests: one bundled server for all test processes of a machine, one migrated database per test file, cloned from a
 * template. Production code never imports this.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createLogger } from "@rossmann/core";
import pg from "pg";
import { resolveDataSource } from "./data-sources.ts";
import { closeDatabase, type DatabaseOptions, type Db, openDatabase } from "./db.ts";
import { BundledServer, EMBEDDED_ROLE, urlOfEmbedded } from "./embedded.ts";
import { startEtlRun } from "./etl-runs.ts";
import type { StoreRow } from "./load/dimensions.ts";
import { createLoad, type LoadResult } from "./load/load.ts";
import { migrate } from "./migrate.ts";
import { takeLock, thisProcess } from "./owner-lock.ts";
import type { LoadKind } from "./tables.ts";

/** A database of a test file's own. */
export interface TestDatabase {
  db: Db;
  url: string;
  /** Drop it. Give it to `afterAll`. The last test process that goes stops the server. */
  close(): Promise<void>;
}

const SQL_FOLDER = fileURLToPath(new URL("../../sql/", import.meta.url));
const HOME = join(tmpdir(), `rossmann-tests-${userInfo().uid}`);
const HOLDERS = join(HOME, "holders");
/** Nothing of a test must survive a power cut. */
const FAST_AND_UNSAFE = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: 200,
};

/**
 * A fresh database with the schema and nothing loaded.
 *
 * @param options `empty` leaves out the schema too
 */
export async function createTestDatabase(
  options: DatabaseOptions & { empty?: boolean } = {},
): Promise<TestDatabase> {
  const holder = join(HOLDERS, `${randomUUID()}.json`);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const server = await atTheGate(async () => {
    const bundled = testServer();
    const { port } = await bundled.start();
    const admin = urlOfEmbedded(bundled.password(), port, "postgres");
    const alone = livingHolders() === 0;
    writeFileSync(holder, JSON.stringify(thisProcess()));
    if (alone) await dropLeftovers(admin);
    const template = options.empty ? "template1" : await migratedTemplate(admin, bundled.password(), port);
    await query(admin, `create database ${name} template ${template} owner ${EMBEDDED_ROLE}`);
    return { admin, url: urlOfEmbedded(bundled.password(), port, name) };
  });
  const db = openDatabase(server.url, {
    applicationName: "test",
    logger: createLogger("silent"),
    ...options,
  });
  let closed = false;
  return {
    db,
    url: server.url,
    async close() {
      if (closed) return;
      closed = true;
      await closeDatabase(db);
      await query(server.admin, `drop database if exists ${name} with (force)`);
      await atTheGate(async () => {
        rmSync(holder, { force: true });
        if (livingHolders() === 0) await testServer().stop();
      });
    },
  };
}

/** One sales row; what is left out is an ordinary open day. */
export interface TestSale {
  storeId: number;
  date: string;
  sales: number;
  customers?: number | null;
  promo?: number | null;
  stateHoliday?: string | null;
  schoolHoliday?: number | null;
  open?: number | null;
}

/** A day to come. */
export type TestFuture = Omit<TestSale, "sales" | "customers"> & { id?: number };

/**
 * Load rows through the real load, into the default source unless another is named. Stores are made for the rows that name
 * them; `stores` adds their attributes.
 */
export async function loadRows(
  db: Db,
  rows: {
    sales: readonly TestSale[];
    future?: readonly TestFuture[];
    stores?: readonly ({ storeId: number } & Partial<StoreRow>)[];
    dataSourceId?: number;
    kind?: LoadKind;
  },
): Promise<LoadResult> {
  const dataSource = await resolveDataSource(db, rows.dataSourceId);
  const stores = new Map<number, StoreRow>();
  for (const { storeId } of [...rows.sales, ...(rows.future ?? [])])
    stores.set(storeId, { ...BARE_STORE, storeId });
  for (const store of rows.stores ?? []) stores.set(store.storeId, { ...BARE_STORE, ...store });
  const run = await startEtlRun(db, { dataSource, loadKind: rows.kind });
  const load = await createLoad(db, run);
  try {
    await load.stageFacts(
      lines(
        rows.sales.map((row) => [
          row.storeId,
          dateId(row.date),
          row.sales,
          given(row.customers, 10),
          ...marks(row),
        ]),
      ),
    );
    if (rows.future !== undefined) {
      await load.stageFuture(
        lines(rows.future.map((row) => [row.storeId, dateId(row.date), row.id ?? null, ...marks(row)])),
      );
    }
    const counts = { rowsRead: rows.sales.length, rowsRejected: 0, summary: {} };
    return await load.publish({
      stores: [...stores.values()].sort((a, b) => a.storeId - b.storeId),
      counts,
      findings: [],
    });
  } finally {
    await load.discard();
    await run.release();
  }
}

const BARE_STORE: StoreRow = {
  storeId: 0,
  storeType: "a",
  assortment: "a",
  competitionDistance: null,
  competitionOpenSinceMonth: null,
  competitionOpenSinceYear: null,
  promo2: 0,
  promo2SinceWeek: null,
  promo2SinceYear: null,
  promoInterval: null,
};

const dateId = (date: string) => date.replaceAll("-", "");
const given = <T>(value: T | undefined, otherwise: T) => (value === undefined ? otherwise : value);
const marks = (row: Omit<TestSale, "sales">) => [
  given(row.promo, 0),
  given(row.stateHoliday, "0"),
  given(row.schoolHoliday, 0),
  given(row.open, 1),
];

async function* lines(rows: (string | number | null)[][]): AsyncGenerator<string> {
  for (const row of rows) yield `${row.map((cell) => cell ?? "").join(",")}\n`;
}

const testServer = () =>
  new BundledServer(HOME, join(HOME, "database"), createLogger("silent"), FAST_AND_UNSAFE);

/** One test process at a time starts, stops or clones. */
async function atTheGate<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(HOLDERS, { recursive: true });
  mkdirSync(join(HOME, "database"), { recursive: true });
  for (;;) {
    const gate = takeLock(join(HOME, "gate"));
    if (!gate.held) {
      await sleep(20);
      continue;
    }
    try {
      return await work();
    } finally {
      gate.release();
    }
  }
}

/** Databases in use; the marks of killed test processes are removed. */
function livingHolders(): number {
  let living = 0;
  for (const file of readdirSync(HOLDERS)) {
    const { pid } = JSON.parse(readFileSync(join(HOLDERS, file), "utf8")) as { pid: number };
    try {
      process.kill(pid, 0);
      living++;
    } catch {
      rmSync(join(HOLDERS, file), { force: true });
    }
  }
  return living;
}

async function dropLeftovers(admin: string): Promise<void> {
  const rows = await query<{ name: string }>(
    admin,
    "select datname as name from pg_database where datname like 'test\\_%'",
  );
  for (const { name } of rows) await query(admin, `drop database if exists ${name} with (force)`);
}

/** The template belongs to the content of the SQL folder: an edited file makes a new one. */
async function migratedTemplate(admin: string, password: string, port: number): Promise<string> {
  const name = `migrated_${sqlChecksum()}`;
  const found = await query(admin, `select from pg_database where datname = '${name}'`);
  if (found.length > 0) return name;
  const old = await query<{ name: string }>(
    admin,
    "select datname as name from pg_database where datname like 'migrated\\_%'",
  );
  for (const template of old) await query(admin, `drop database if exists ${template.name} with (force)`);
  const making = `test_${name}`;
  await query(admin, `drop database if exists ${making} with (force)`);
  await query(admin, `create database ${making}`);
  const db = openDatabase(urlOfEmbedded(password, port, making), { poolSize: 1 });
  try {
    await migrate(db);
  } finally {
    await closeDatabase(db);
  }
  await query(admin, `alter database ${making} rename to ${name}`);
  return name;
}

function sqlChecksum(): string {
  const hash = createHash("sha256");
  for (const folder of ["migrations", "views"]) {
    for (const file of readdirSync(join(SQL_FOLDER, folder)).sort()) {
      hash.update(file).update(readFileSync(join(SQL_FOLDER, folder, file)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}
