import fc from "fast-check";
import { expect, test } from "vitest";
import { RecordScanner, type RowFault } from "./record-scanner.ts";

function scan(bytes: Buffer, options: { multiline?: boolean; maxLineBytes?: number; block?: number } = {}) {
  const faults: RowFault[] = [];
  const scanner = new RecordScanner(
    {
      delimiter: 44,
      lineEnd: 10,
      multilineCells: options.multiline ?? false,
      maxLineBytes: options.maxLineBytes ?? 1000,
      onHeader: () => undefined,
      onFault: (fault) => faults.push(fault),
    },
    16,
  );
  const block = options.block ?? bytes.length;
  let kept = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += block) {
    const buffer = Buffer.concat([kept, bytes.subarray(at, at + block)]);
    kept = Buffer.from(buffer.subarray(scanner.push(buffer, buffer.length, false)));
  }
  const used = scanner.push(kept, kept.length, true);
  return { scanner, faults, out: scanner.take().toString("utf8"), left: kept.length - used };
}

test("good records come out with their line in front", () => {
  const { out, faults, scanner } = scan(Buffer.from('a,b\n1,2\n\n"x,""y""",4\r\n5,6'));
  expect(out).toBe('2,1,2\n4,"x,""y""",4\n5,5,6\n');
  expect(faults).toEqual([]);
  expect(scanner).toMatchObject({ columns: 2, line: 5, blankLineCount: 1, blankLines: [3] });
});

test("an open quote spoils its own line only", () => {
  const { out, faults } = scan(Buffer.from('a,b\n1,"2\n3,4\n5",6\n7,8\n'));
  expect(out).toBe("3,3,4\n5,7,8\n");
  expect(faults.map(({ code, line, cell }) => [code, line, cell])).toEqual([
    ["quoting", 2, 2],
    ["quoting", 4, 1],
  ]);
});

test("with multiline cells a record may span lines, and keeps the line it starts on", () => {
  const { out, faults } = scan(Buffer.from('a,b\n1,"2\n3"\n4,5\n'), { multiline: true });
  expect(out).toBe('2,1,"2\n3"\n4,4,5\n');
  expect(faults).toEqual([]);
});

test("with multiline cells a quote that is never closed gives up its own line and goes on", () => {
  const { out, faults } = scan(Buffer.from('a,b\n1,"2\n3,4\n5,6\n'), { multiline: true });
  expect(out).toBe("3,3,4\n4,5,6\n");
  expect(faults).toMatchObject([{ code: "quoting", line: 2 }]);
});

test("a line that never ends is dropped as it comes", () => {
  const bytes = Buffer.concat([
    Buffer.from("a,b\n1,2\n3,"),
    Buffer.alloc(100_000, 65),
    Buffer.from("\n5,6\n"),
  ]);
  const { out, faults, scanner } = scan(bytes, { block: 500 });
  expect(out).toBe("2,1,2\n4,5,6\n");
  expect(faults).toMatchObject([{ code: "line_length", line: 3, cell: 2 }]);
  expect(scanner.rows).toBe(3);
});

/** Pieces that files are made of when something goes wrong. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("1", ",", "\n", "abc", "2,3\n") },
  { weight: 2, arbitrary: fc.constantFrom('"', '""', "\r\n", "\r", "\u0000", "é", "\t") },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);
const bytes = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(""))),
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
);

test("the size of the blocks does not matter, no byte is lost, and every line is told of once at most", () => {
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 40 }), fc.boolean(), (text, block, multiline) => {
      const whole = scan(text, { multiline });
      const pieces = scan(text, { multiline, block });
      expect(pieces.out).toBe(whole.out);
      expect(pieces.faults.map(({ code, line }) => [code, line])).toEqual(
        whole.faults.map(({ code, line }) => [code, line]),
      );
      expect(whole.left).toBe(0);
      const lines = whole.faults.map((fault) => fault.line);
      expect(new Set(lines).size).toBe(lines.length);
    }),
    { seed: 20150731, numRuns: 500 },
  );
});

test("files without quotes, controls and ragged rows come out as a plain split would have them", () => {
  const cell = fc.stringMatching(/^[a-z0-9 äß.-]{0,6}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 }), (rows) => {
      const text = rows.map((row) => row.join(",")).join("\n");
      const { out, faults } = scan(Buffer.from(`x,y,z\n${text}\n`));
      expect(faults).toEqual([]);
      expect(out).toBe(rows.map((row, index) => `${index + 2},${row.join(",")}\n`).join(""));
    }),
    { seed: 7, numRuns: 200 },
  );
});
