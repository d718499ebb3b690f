import type { Stats } from "node:fs";
import { extname } from "node:path";
import type { ContractFile } from "../../contract/contract-schema.ts";
import type { Finding } from "../finding.ts";

const BYTES_PER_MB = 1024 * 1024;

/** A fault of the file as a whole: it stops everything, since no row can be trusted. */
export function fileFinding(
  check: string,
  message: string,
  expected: string,
  value: string | null = null,
): Finding {
  return {
    check,
    level: "file",
    severity: "FAIL",
    column: null,
    count: 1,
    message,
    expected,
    samples: [{ line: null, column: null, key: {}, value, expected }],
    quarantined: false,
  };
}

/** `format`: the path must be a file that can be read, with one of the contract's endings. */
export function checkFormat(
  name: string,
  stats: Stats | null,
  reason: string,
  contract: ContractFile,
): Finding[] {
  const endings = contract.csv.extensions.join(", ");
  if (stats === null)
    return [
      fileFinding(
        "format",
        `${name} cannot be opened (${reason}); check the path`,
        "a file that can be read",
      ),
    ];
  if (!stats.isFile())
    return [
      fileFinding(
        "format",
        `${name} is ${stats.isDirectory() ? "a folder" : "not a regular file"}; name the file itself`,
        "a regular file",
      ),
    ];
  const ending = extname(name).toLowerCase();
  if (!contract.csv.extensions.some((allowed) => allowed.toLowerCase() === ending))
    return [
      fileFinding(
        "format",
        `${name} ends in ${ending === "" ? "nothing" : ending}; the contract takes ${endings}`,
        endings,
        ending,
      ),
    ];
  return [];
}

/** `file_size`: not empty, not above the contract's limit. */
export function checkFileSize(name: string, sizeBytes: number, contract: ContractFile): Finding[] {
  const limit = Math.floor(contract.limits.max_file_size_mb * BYTES_PER_MB);
  const expected = `1 byte to ${contract.limits.max_file_size_mb} MB`;
  if (sizeBytes === 0)
    return [fileFinding("file_size", `${name} is empty; export it again`, expected, "0 bytes")];
  if (sizeBytes > limit)
    return [
      fileFinding(
        "file_size",
        `${name} has ${(sizeBytes / BYTES_PER_MB).toFixed(1)} MB, the contract allows ${contract.limits.max_file_size_mb} MB; split it by period`,
        expected,
        `${sizeBytes} bytes`,
      ),
    ];
  return [];
}

const KINDS: [kind: string, start: Buffer, mend: string][] = [
  ["a ZIP archive", Buffer.from("PK\x03\x04", "latin1"), "unpack it, or save the sheet as CSV"],
  ["an empty ZIP archive", Buffer.from("PK\x05\x06", "latin1"), "unpack it"],
  ["gzip-compressed", Buffer.from([0x1f, 0x8b]), "unpack it"],
  ["bzip2-compressed", Buffer.from("BZh"), "unpack it"],
  ["xz-compressed", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), "unpack it"],
  ["a 7-Zip archive", Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), "unpack it"],
  ["an old Excel workbook", Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), "save the sheet as CSV"],
  ["a Parquet file", Buffer.from("PAR1"), "export it as CSV"],
  ["a PDF", Buffer.from("%PDF"), "export the table as CSV"],
  ["a SQLite database", Buffer.from("SQLite format 3"), "export the table as CSV"],
];

/** `format`: something else that was named `.csv`. It is judged by its first bytes and never unpacked. */
export function checkKind(name: string, head: Buffer): Finding[] {
  for (const [kind, start, mend] of KINDS)
    if (head.subarray(0, start.length).equals(start))
      return [fileFinding("format", `${name} is ${kind}, not text; ${mend}`, "CSV text", kind)];
  return [];
}

/** `file_changed`: the bytes that were judged must be the bytes that lie there now. */
export function checkUnchanged(
  name: string,
  before: Stats,
  after: Stats | null,
  bytesRead: number,
): Finding[] {
  const same =
    after !== null &&
    after.ino === before.ino &&
    after.size === before.size &&
    after.mtimeMs === before.mtimeMs &&
    bytesRead === before.size;
  if (same) return [];
  return [
    fileFinding(
      "file_changed",
      `${name} changed while it was read (${before.size} bytes at the start, ${after === null ? "gone" : `${after.size} bytes`} at the end); wait until it is written and try again`,
      "a file that nobody is writing",
    ),
  ];
}
