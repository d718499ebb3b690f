import type pg from "pg";
import copyStreams from "pg-copy-streams";

/** Binary form of a column that is never null. */
export type ColumnKind = "int4" | "float8";
export type ColumnArray<K extends ColumnKind> = K extends "int4" ? Int32Array : Float64Array;
export type ColumnArrays<S extends Record<string, ColumnKind>> = { [name in keyof S]: ColumnArray<S[name]> };

const BYTES: Record<ColumnKind, number> = { int4: 4, float8: 8 };
/** Signature (11 bytes), flags (4) and length of the header extension (4, always 0 from the server). */
const HEADER_BYTES = 19;

/**
 * Read the answer of a query as typed arrays, through COPY in binary form. Since no value may be null, every row has the same
 * length, and a row is read by offsets alone:
 *
 * ```
 * | 2 number of fields | 4 length, value | 4 length, value | …        all big-endian
 * ```
 *
 * @param query  select list in the order and with the types of `columns`, without nulls
 * @param rows   exact number of rows
 * @throws {Error} when the server sends another number of rows or a null
 *
 * Source: PostgreSQL 18 manual, COPY, "Binary Format".
 */
export async function copyColumns<S extends Record<string, ColumnKind>>(
  client: pg.PoolClient,
  query: string,
  rows: number,
  columns: S,
): Promise<ColumnArrays<S>> {
  const fields: { array: Int32Array | Float64Array; kind: ColumnKind; offset: number }[] = [];
  const arrays: Record<string, Int32Array | Float64Array> = {};
  let rowBytes = 2;
  for (const [name, kind] of Object.entries(columns)) {
    const array = kind === "int4" ? new Int32Array(rows) : new Float64Array(rows);
    arrays[name] = array;
    fields.push({ array, kind, offset: rowBytes + 4 });
    rowBytes += 4 + BYTES[kind];
  }

  let count = 0;
  let rest: Buffer = Buffer.alloc(0);
  let headerLeft = HEADER_BYTES;
  for await (const chunk of client.query(copyStreams.to(`copy (${query}) to stdout (format binary)`))) {
    let data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (headerLeft > 0) {
      const skipped = Math.min(headerLeft, data.length);
      headerLeft -= skipped;
      data = data.subarray(skipped);
    }
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    let at = 0;
    // What is left at the very end is the two bytes -1 that close the stream: always shorter than a row.
    for (; at + rowBytes <= data.length; at += rowBytes) {
      if (count === rows) throw new Error(`more rows than the ${rows} that were counted`);
      for (const { array, kind, offset } of fields) {
        if (view.getInt32(at + offset - 4) !== BYTES[kind])
          throw new Error(`row ${count + 1} holds a null or another type`);
        array[count] = kind === "int4" ? view.getInt32(at + offset) : view.getFloat64(at + offset);
      }
      count++;
    }
    rest = data.subarray(at);
  }
  if (count !== rows) throw new Error(`${rows} rows were counted but ${count} arrived`);
  return arrays as ColumnArrays<S>;
}
