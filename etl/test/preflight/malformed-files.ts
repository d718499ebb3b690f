import fc from "fast-check";
import { cleanRows, csv, HEADER } from "./planted-faults.ts";

const CLEAN = csv(HEADER, cleanRows());

/** Files as they arrive when something went wrong on the way: cut, torn, binary, wrongly quoted, wrongly encoded, endless. */
export function malformedFile(): fc.Arbitrary<Buffer> {
  const position = fc.integer({ min: 0, max: CLEAN.length });
  const rubbish = fc.oneof(
    fc.constantFrom(
      "\u0000",
      '"',
      '""',
      "\r",
      "\r\n",
      "\n\n",
      ",",
      ",,,,",
      ";",
      "\t",
      "\uFEFF",
      "\u2028",
      "é",
      "💥",
    ),
    fc.string({ maxLength: 20, unit: "binary" }),
  );
  return fc.oneof(
    // cut off somewhere
    position.map((at) => Buffer.from(CLEAN.slice(0, at))),
    // bytes thrown in
    fc.tuple(position, rubbish).map(([at, text]) => Buffer.from(CLEAN.slice(0, at) + text + CLEAN.slice(at))),
    fc
      .tuple(position, fc.uint8Array({ maxLength: 50 }))
      .map(([at, bytes]) =>
        Buffer.concat([Buffer.from(CLEAN.slice(0, at)), bytes, Buffer.from(CLEAN.slice(at))]),
      ),
    // nothing but bytes
    fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ maxLength: 2000, unit: "binary" }).map((text) => Buffer.from(text)),
    // mixed encodings
    fc
      .tuple(position, fc.constantFrom("latin1", "utf16le"))
      .map(([at, encoding]) =>
        Buffer.concat([
          Buffer.from(CLEAN.slice(0, at)),
          Buffer.from(`ü,ö\n${CLEAN.slice(at)}`, encoding as BufferEncoding),
        ]),
      ),
    // huge lines, in the header and behind it
    fc
      .tuple(
        fc.integer({ min: 60_000, max: 300_000 }),
        fc.constantFrom("x", '"', ",", "\u0000"),
        fc.boolean(),
      )
      .map(([length, text, inHeader]) =>
        Buffer.from(inHeader ? `${text.repeat(length)}\n${CLEAN}` : `${CLEAN}${text.repeat(length)}`),
      ),
    // headers alike, many columns
    fc
      .tuple(
        fc.array(fc.constantFrom(...HEADER, "store", " Store ", "", "\t"), { maxLength: 30 }),
        fc.boolean(),
      )
      .map(([header, rows]) => Buffer.from(csv(header, rows ? cleanRows().slice(0, 5) : []))),
    fc
      .tuple(fc.integer({ min: 100, max: 5000 }), fc.constantFrom(",", ";", "\t", "|"))
      .map(([columns, delimiter]) => Buffer.from(`${`a${delimiter}`.repeat(columns)}\n1${delimiter}2\n`)),
    // cells of every kind in the right columns
    fc
      .array(
        fc.array(fc.oneof(fc.string({ maxLength: 12 }), fc.double().map(String), fc.integer().map(String)), {
          minLength: 9,
          maxLength: 9,
        }),
        {
          maxLength: 20,
        },
      )
      .map((rows) => Buffer.from(csv(HEADER, rows))),
  );
}

/** A million columns: too many lines of its own to be made at random. */
export const MILLION_COLUMNS = Buffer.from(`${"a,".repeat(1_000_000)}\n${"1,".repeat(1_000_000)}\n`);
