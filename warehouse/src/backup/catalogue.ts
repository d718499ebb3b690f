import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";

/** A table whose rows are kept, or one partition of it. */
export interface StoredTable {
  name: string;
  partitionOf: { table: string; bound: string } | null;
  /** in the order of the table, without those that the server computes */
  columns: string[];
}

const MIGRATIONS = fileURLToPath(new URL("../../../sql/migrations/", import.meta.url));

/** Every table of the schema `public` that holds rows; the list of migrations is kept by the migrations themselves. */
export async function storedTables(client: pg.PoolClient): Promise<StoredTable[]> {
  const { rows } = await client.query<{
    name: string;
    parent: string | null;
    bound: string | null;
    columns: string[];
  }>(`
    select
      c.relname as name,
      p.relname as parent,
      pg_get_expr(c.relpartbound, c.oid) as bound,
      array(
        select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        order by a.attnum
      ) as columns
    from pg_class c
    left join pg_inherits i on i.inhrelid = c.oid
    left join pg_class p on p.oid = i.inhparent
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_migration'
    order by c.relname
  `);
  return rows.map(({ name, parent, bound, columns }) => ({
    name,
    partitionOf: parent === null || bound === null ? null : { table: parent, bound },
    columns,
  }));
}

/** Number of rows and a digest of them that does not depend on their order. */
export async function tableDigest(
  client: pg.PoolClient,
  name: string,
): Promise<{ rows: number; digest: string }> {
  const { rows } = await client.query<{ rows: number; digest: string }>(`
    select count(*) as rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text as digest
    from ${quoted(name)} t
  `);
  return rows[0]!;
}

/** Rows read as text must read the same on every server and in every session. */
export const PLAIN_TEXT_FORM = `
  set local timezone = 'UTC';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local bytea_output = 'hex';
  set local extra_float_digits = 1`;

export interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/** Foreign keys as they were declared, without the copies that partitions inherit. */
export async function foreignKeys(client: pg.PoolClient): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(`
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = 'public'::regnamespace
    order by c.relname, k.conname
  `);
  return rows;
}

/** What the program's own migrations make, so that a database shared with others keeps what is theirs. */
export function ownNames(): { tables: string[]; sequences: string[]; functions: string[] } {
  const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql"));
  const text = files.map((name) => readFileSync(join(MIGRATIONS, name), "utf8")).join("\n");
  const made = (kind: string) => {
    const pattern = new RegExp(
      `^create (?:or replace |unlogged )?${kind} (?:if not exists )?(?:public\\.)?(\\w+)\\b(?!\\.)`,
      "gim",
    );
    return [...text.matchAll(pattern)].map(([, name]) => name!);
  };
  return {
    tables: [...made("table"), "schema_migration"],
    sequences: made("sequence"),
    functions: made("function"),
  };
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
