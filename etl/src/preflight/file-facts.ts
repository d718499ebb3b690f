import type { Encoding } from "../contract/contract-schema.ts";

/** What is known of the file itself, apart from its rows. */
export interface FileFacts {
  path: string;
  name: string;
  sizeBytes: number;
  /** SHA-256 of the bytes that were judged; `null` when the file was not read to its end */
  sha256: string | null;
  encoding: Encoding | null;
  hasBom: boolean;
  delimiter: string | null;
  lineEnd: "LF" | "CRLF" | "CR" | null;
  /** headers as written */
  header: string[];
  headerLine: number;
  /** rows behind the header, those that cannot be read included */
  rows: number;
  /** rows that cannot be taken apart into cells */
  unreadableRows: number;
  blankLines: number;
}

/** How one column of the file is read. */
export interface ColumnMapping {
  /** place in the file, from 1 */
  position: number;
  /** header as written */
  header: string;
  /** canonical name, or `null` for a column that the profile does not know */
  canonical: string | null;
}
