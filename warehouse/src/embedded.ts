import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join, resolve, sep } from "node:path";
import { createLogger, type Logger, messageOf } from "@rossmann/core";
import pg from "pg";
import { EmbeddedServerError, HomeInUseError } from "./errors.ts";
import { type LockOwner, lockOwner, takeLock } from "./owner-lock.ts";
import { isReachable, type ServerAccount, serverAccount } from "./postgres-account.ts";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";

/** A bundled PostgreSQL that answers on loopback. */
export interface EmbeddedServer {
  /** `postgresql://…` with the password: never log it */
  url: string;
  /** process id of the server */
  pid: number;
  dataDir: string;
  /** true when this process owns the server (it started it, or took it over from a killed owner) */
  startedByUs: boolean;
  /** Stop the server and give the home back; does nothing for a server that another process owns. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** the platform's home folder; made when missing */
  home: string;
  logger?: Logger;
}

/** The role that owns everything in an embedded server. */
export const EMBEDDED_ROLE = "rossmann";
const DATABASE = "rossmann";
/** File beside the data that says which home it belongs to. */
const HOME_NOTE = "home.txt";
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * Start the bundled PostgreSQL of a home folder, making its data folder on the first call (about 2 s), and own it until `stop`.
 * A server left behind by a killed owner is taken over as it is.
 *
 * @throws {HomeInUseError} when another living process owns the home
 * @throws {EmbeddedServerError} when the server cannot be prepared or started; the message quotes its own words
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const logger = options.logger ?? createLogger("info");
  const home = resolve(options.home);
  const folder = join(home, "database");
  mkdirSync(folder, { recursive: true });
  const attempt = takeLock(folder);
  if (!attempt.held) throw new HomeInUseError(home, attempt.owner.pid, attempt.owner.since);
  if (attempt.recovered)
    logger.warn({ home }, "the process that owned this home was killed; its lock is taken over");
  try {
    const server = new BundledServer(home, folder, logger);
    const { port, pid } = await server.start();
    let stopped = false;
    return {
      url: urlOfEmbedded(server.password(), port),
      pid,
      dataDir: server.dataDir,
      startedByUs: true,
      async stop() {
        if (stopped) return;
        stopped = true;
        await server.stop();
        attempt.release();
      },
    };
  } catch (error) {
    attempt.release();
    throw error;
  }
}

/** The server of a home that another process (or this one) runs now, or null when none does. */
export async function connectEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer | null> {
  const home = resolve(options.home);
  const folder = join(home, "database");
  if (lockOwner(folder) === null) return null;
  const state = readState(folder);
  if (state === null || !(await answers(state))) return null;
  return {
    url: urlOfEmbedded(state.password, state.port),
    pid: state.pid,
    dataDir: state.dataDir,
    startedByUs: false,
    stop: async () => {},
  };
}

/** The living process that owns a home's database, or null. */
export function embeddedOwner(options: EmbeddedOptions): LockOwner | null {
  return lockOwner(join(resolve(options.home), "database"));
}

/**
 * Stop a server whose owner was killed.
 *
 * @returns true when one was running
 * @throws {HomeInUseError} when its owner lives: ask that process to stop
 */
export async function stopEmbedded(options: EmbeddedOptions): Promise<boolean> {
  const home = resolve(options.home);
  const folder = join(home, "database");
  if (!existsSync(folder)) return false;
  const attempt = takeLock(folder);
  if (!attempt.held) throw new HomeInUseError(home, attempt.owner.pid, attempt.owner.since);
  try {
    const server = new BundledServer(home, folder, options.logger ?? createLogger("info"));
    if (server.runningPid() === null) return false;
    await server.stop();
    return true;
  } finally {
    attempt.release();
  }
}

interface ServerState {
  port: number;
  pid: number;
  dataDir: string;
  password: string;
}

/** One data folder and the server on it. Only the holder of the home's lock makes one. */
export class BundledServer {
  readonly dataDir: string;
  readonly #home: string;
  readonly #folder: string;
  readonly #serverFolder: string;
  readonly #account: ServerAccount;
  readonly #logger: Logger;
  readonly #logFile: string;
  readonly #settings: Record<string, string | number>;

  constructor(home: string, folder: string, logger: Logger, settings: Record<string, string | number> = {}) {
    this.#home = home;
    this.#settings = settings;
    this.#folder = folder;
    this.#logger = logger;
    this.#account = serverAccount();
    this.#serverFolder = this.#chooseServerFolder();
    this.dataDir = join(this.#serverFolder, "data");
    this.#logFile = join(this.#serverFolder, "server.log");
  }

  /** Start it, or take over the one that runs already. */
  async start(): Promise<{ port: number; pid: number }> {
    this.#prepareFolders();
    const adopted = await this.#adopt();
    if (adopted !== null) return adopted;
    const binaries = this.#binaries();
    this.#setLostDataAside();
    if (!existsSync(this.dataDir)) await this.#initialise(binaries);
    this.#refuseOtherMajor(binaries);
    // Nobody runs here: a note of a server that was killed would keep ours from starting once its number is in use again.
    rmSync(join(this.dataDir, "postmaster.pid"), { force: true });
    if (sizeOf(this.#logFile) > LOG_LIMIT_BYTES) truncateSync(this.#logFile);

    let lastWords = "";
    for (let attempt = 0; attempt < 3; attempt++) {
      const port = await freePort(attempt === 0 ? readState(this.#folder)?.port : undefined);
      const logStart = sizeOf(this.#logFile);
      const started = await this.#run(binaries.pgCtl, [
        "start",
        "--wait",
        "--timeout=60",
        "--silent",
        `--pgdata=${this.dataDir}`,
        `--log=${this.#logFile}`,
        `--options=${serverOptions(port, this.#settings)}`,
      ]);
      const pid = this.runningPid();
      if (started.code === 0 && pid !== null) {
        this.#writeState({ port, pid, dataDir: this.dataDir, password: this.password() });
        await createDatabase(urlOfEmbedded(this.password(), port, "postgres"));
        return { port, pid };
      }
      lastWords = readFileSync(this.#logFile, "utf8").slice(logStart).trim() || started.output;
      // Only a port that somebody took between our look and the start is worth another try.
      if (!/could not bind|Address already in use/i.test(lastWords)) break;
    }
    throw new EmbeddedServerError(
      `the bundled PostgreSQL did not start: ${lastLine(lastWords)} (log: ${this.#logFile})`,
    );
  }

  async stop(): Promise<void> {
    if (this.runningPid() === null) return;
    const binaries = this.#binaries();
    const stopped = await this.#run(binaries.pgCtl, [
      "stop",
      "--wait",
      "--timeout=60",
      "--silent",
      "--mode=fast",
      `--pgdata=${this.dataDir}`,
    ]);
    if (stopped.code !== 0 && this.runningPid() !== null) {
      throw new EmbeddedServerError(
        `the bundled PostgreSQL did not stop: ${lastLine(stopped.output)} (log: ${this.#logFile})`,
      );
    }
  }

  /** Process id of the server on this data folder, or null when none lives. */
  runningPid(): number | null {
    let pid: number;
    try {
      pid = Number(readFileSync(join(this.dataDir, "postmaster.pid"), "utf8").split("\n")[0]);
    } catch {
      return null;
    }
    return isServerOf(this.dataDir, pid) ? pid : null;
  }

  /** The password of the home's database: random, made once, readable by its owner only. */
  password(): string {
    const file = join(this.#folder, "password");
    if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
    return readFileSync(file, "utf8").trim();
  }

  /** A server that a killed owner left running is used as it is; one that does not answer is stopped. */
  async #adopt(): Promise<{ port: number; pid: number } | null> {
    if (this.runningPid() === null) return null;
    const state = readState(this.#folder);
    if (state !== null && state.dataDir === this.dataDir && (await answers(state))) {
      this.#logger.warn(
        { pid: state.pid },
        "the database server of the killed process still runs and is taken over",
      );
      await createDatabase(urlOfEmbedded(state.password, state.port, "postgres"));
      return { port: state.port, pid: state.pid };
    }
    this.#logger.warn("a database server without an owner does not answer and is stopped");
    await this.stop();
    return null;
  }

  /**
   * The server's own user must be able to reach its data. Below a private folder (root's home) it cannot, so that another
   * place is chosen, always the same one for the same home.
   */
  #chooseServerFolder(): string {
    const inside = join(this.#folder, "server");
    if (isReachable(this.#folder, this.#account)) return inside;
    const key = createHash("sha256").update(this.#home).digest("hex").slice(0, 16);
    const candidates = ["/var/lib/rossmann", "/opt/rossmann", join(tmpdir(), "rossmann")];
    for (const base of candidates) {
      try {
        mkdirSync(base, { recursive: true, mode: 0o755 });
      } catch {
        continue;
      }
      if (!isReachable(base, this.#account)) continue;
      const chosen = join(base, key);
      removeAbandoned(base);
      this.#logger.info(
        { home: this.#home, folder: chosen },
        `the database's user cannot enter ${this.#home}, so that its data is kept in ${chosen}`,
      );
      return chosen;
    }
    throw new EmbeddedServerError(
      `the database's user cannot enter ${this.#home}, nor any of ${candidates.join(", ")}: set ROSSMANN_HOME to a folder that other users may enter`,
    );
  }

  /**
   * Data without the password of its home: the home was removed and made anew while its data lay elsewhere. It is not deleted,
   * but a new home begins empty.
   */
  #setLostDataAside(): void {
    if (!existsSync(this.dataDir) || existsSync(join(this.#folder, "password"))) return;
    const aside = `${this.dataDir}.${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "")}`;
    renameSync(this.dataDir, aside);
    this.#logger.warn(
      `found a database whose password is lost; it is kept in ${aside} and a new one is made`,
    );
  }

  /** A data folder belongs to one major version of PostgreSQL; another server would refuse it in its own words. */
  #refuseOtherMajor({ postgres }: PostgresBinaries): void {
    const major = (text: string) => /\d+/.exec(text)?.[0];
    const ofData = major(readFileSync(join(this.dataDir, "PG_VERSION"), "utf8"));
    const ours = major(execFileSync(postgres, ["--version"], { encoding: "utf8" }));
    if (ofData === ours) return;
    throw new EmbeddedServerError(
      `the database in ${this.#home} was made by PostgreSQL ${ofData}, and this version of the platform brings PostgreSQL ${ours}: ` +
        "run rossmann backup with the version that made it, then set ROSSMANN_HOME to a new folder and run rossmann restore here",
    );
  }

  #prepareFolders(): void {
    mkdirSync(this.#serverFolder, { recursive: true });
    writeFileSync(join(this.#serverFolder, HOME_NOTE), this.#home);
    if (this.#account !== null) chownSync(this.#serverFolder, this.#account.uid, this.#account.gid);
    if (process.platform !== "win32") chmodSync(this.#serverFolder, 0o700);
  }

  #binaries(): PostgresBinaries {
    return postgresBinaries(this.#account, join(this.#serverFolder, "programs"));
  }

  /** Made beside its place and moved there, so that a killed start leaves no half data folder. */
  async #initialise(binaries: PostgresBinaries): Promise<void> {
    const fresh = join(this.#serverFolder, "data.new");
    const passwordFile = join(this.#serverFolder, "password.new");
    rmSync(fresh, { recursive: true, force: true });
    writeFileSync(passwordFile, this.password(), { mode: 0o600 });
    if (this.#account !== null) chownSync(passwordFile, this.#account.uid, this.#account.gid);
    try {
      const made = await this.#run(binaries.initdb, [
        `--pgdata=${fresh}`,
        `--username=${EMBEDDED_ROLE}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
      ]);
      if (made.code !== 0)
        throw new EmbeddedServerError(`the database folder could not be made: ${lastLine(made.output)}`);
      renameSync(fresh, this.dataDir);
    } finally {
      rmSync(passwordFile, { force: true });
    }
  }

  #writeState(state: Omit<ServerState, "password"> & { password: string }): void {
    const { password: _, ...shown } = state;
    const file = join(this.#folder, "server.json");
    writeFileSync(`${file}.new`, JSON.stringify(shown), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  #run(program: string, args: string[]): Promise<{ code: number | null; output: string }> {
    return new Promise((done, failed) => {
      // The server must not hear the Ctrl-C of the terminal: its owner stops it, after its own last statement.
      const child: ChildProcess = spawn(program, args, {
        ...this.#account,
        cwd: this.#serverFolder,
        env: cleanEnvironment(),
        detached: process.platform !== "win32",
        stdio: ["ignore", "pipe", "pipe"],
        windowsHide: true,
      });
      let output = "";
      const collect = (chunk: Buffer) => {
        output += chunk.toString();
      };
      child.stdout?.on("data", collect);
      child.stderr?.on("data", collect);
      child.on("error", (error) =>
        failed(new EmbeddedServerError(`${program} could not be run: ${messageOf(error)}`, { cause: error })),
      );
      // "exit", not "close": on Windows the server keeps the pipes of pg_ctl open.
      child.on("exit", (code) => setImmediate(() => done({ code, output })));
    });
  }
}

/**
 * Whether a process is the server of a data folder. After a crash the number in the folder may belong to any other program, and
 * that one must not be stopped.
 */
function isServerOf(dataDir: string, pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to the server's own account.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  try {
    if (process.platform === "linux") {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(dataDir);
    }
    if (process.platform === "win32") {
      return execFileSync("tasklist", ["/fi", `PID eq ${pid}`, "/nh"], { encoding: "utf8" }).includes(
        "postgres",
      );
    }
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes(dataDir);
  } catch {
    return false;
  }
}

/** Data of homes that lay in the temporary folder and are gone; whatever belongs to a lasting place stays. */
function removeAbandoned(base: string): void {
  for (const name of readdirSync(base)) {
    try {
      const home = readFileSync(join(base, name, HOME_NOTE), "utf8");
      if (home.startsWith(tmpdir() + sep) && !existsSync(home))
        rmSync(join(base, name), { recursive: true, force: true });
    } catch {
      // Not ours, or somebody else removes it.
    }
  }
}

/** Settings for a small machine; what makes data safe (fsync, synchronous_commit, full_page_writes) is left on. */
function serverOptions(port: number, changes: Record<string, string | number>): string {
  const megabytes = Math.floor(totalmem() / 1024 / 1024);
  const sharedBuffers = Math.max(64, Math.min(512, Math.floor(megabytes / 16)));
  const settings: Record<string, string | number> = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: 100,
    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${Math.max(256, Math.floor(megabytes / 2))}MB`,
    work_mem: "24MB",
    maintenance_work_mem: "256MB",
    // A load writes a table that it has just made: with minimal WAL its rows are written once, not twice.
    wal_level: "minimal",
    max_wal_senders: 0,
    max_wal_size: "2GB",
    random_page_cost: 1.1,
    jit: "off",
    max_parallel_workers_per_gather: Math.min(2, Math.max(1, availableParallelism() - 1)),
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    ...changes,
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function readState(folder: string): ServerState | null {
  try {
    const state = JSON.parse(readFileSync(join(folder, "server.json"), "utf8")) as Omit<
      ServerState,
      "password"
    >;
    return { ...state, password: readFileSync(join(folder, "password"), "utf8").trim() };
  } catch {
    return null;
  }
}

/** Whether the server of a state file answers, and is the one of that data folder. */
async function answers(state: ServerState): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOfEmbedded(state.password, state.port, "postgres"),
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(
      "select current_setting('data_directory') as folder",
    );
    return rows[0]?.folder === state.dataDir;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** URL of an embedded server's database. */
export const urlOfEmbedded = (password: string, port: number, database = DATABASE) =>
  `postgresql://${EMBEDDED_ROLE}:${password}@127.0.0.1:${port}/${database}`;

/** A free loopback port, the wanted one if it is free. */
async function freePort(wanted = 0): Promise<number> {
  const probe = (port: number) =>
    new Promise<number | null>((done) => {
      const server = createServer();
      server.once("error", () => done(null));
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => done(typeof address === "object" && address !== null ? address.port : null));
      });
    });
  return (await probe(wanted)) ?? (await probe(0)) ?? 0;
}

/** Variables like PGPORT or PGDATA of the user's own PostgreSQL must not reach ours. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PG")));
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const lastLine = (text: string) => text.trim().split("\n").at(-1)?.trim() ?? "no word from it";
