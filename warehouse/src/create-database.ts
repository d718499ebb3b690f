import { randomBytes } from "node:crypto";
import { messageOf } from "@rossmann/core";
import pg from "pg";
import { codeOf } from "./db.ts";
import { DatabaseRefusedError, DatabaseUnavailableError } from "./errors.ts";

export interface NewDatabase {
  host: string;
  port: number;
  superuser: string;
  superPassword: string;
  user: string;
  /** default: the password stays when the role exists, else a random one is made */
  password?: string;
  database: string;
}

export interface CreatedDatabase {
  /** address with the password; null when the role was there and its password is not known */
  url: string | null;
  createdRole: boolean;
  createdDatabase: boolean;
}

/**
 * Make a role and a database of its own on a server, where they are absent. What is there stays as it is; only a password that
 * was given is set.
 *
 * @throws {DatabaseUnavailableError | DatabaseRefusedError} without passwords in the message
 */
export async function createRoleAndDatabase(wanted: NewDatabase): Promise<CreatedDatabase> {
  const { host, port, superuser, superPassword, user, database } = wanted;
  const client = new pg.Client({
    host,
    port,
    user: superuser,
    password: superPassword,
    database: "postgres",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => {});
  const where = `${host}:${port}`;
  try {
    await client.connect();
    const has = async (query: string, name: string) =>
      ((await client.query(query, [name])).rowCount ?? 0) > 0;
    const hadRole = await has("select from pg_roles where rolname = $1", user);
    const password = wanted.password ?? (hadRole ? null : randomBytes(24).toString("base64url"));
    const name = client.escapeIdentifier(user);
    const secret = password === null ? "" : ` password ${client.escapeLiteral(password)}`;
    if (!hadRole) await client.query(`create role ${name} login${secret}`);
    else if (password !== null) await client.query(`alter role ${name} with login${secret}`);
    const hadDatabase = await has("select from pg_database where datname = $1", database);
    if (!hadDatabase)
      await client.query(
        `create database ${client.escapeIdentifier(database)} owner ${name} encoding 'UTF8' template template0`,
      );
    const account = `${encodeURIComponent(user)}:${encodeURIComponent(password ?? "")}`;
    return {
      url: password === null ? null : `postgresql://${account}@${where}/${encodeURIComponent(database)}`,
      createdRole: !hadRole,
      createdDatabase: !hadDatabase,
    };
  } catch (error) {
    if (/^E[A-Z]/.test(codeOf(error) ?? ""))
      throw new DatabaseUnavailableError(where, codeOf(error)!, { cause: error });
    throw new DatabaseRefusedError(where, messageOf(error), { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}
