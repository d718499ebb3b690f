import type { ContractProfile } from "../../lib/api-types.ts";

/** How much of a file is read before it is sent. */
export const PREVIEW_BYTES = 64 * 1024;
const PREVIEW_ROWS = 3;
const DELIMITERS = [",", ";", "\t", "|"] as const;

/** Which file of a delivery: the names that the API gives them. */
export type DeliveryFile = "train" | "store" | "future";

/** The contract's profile behind each file. */
export const PROFILE_OF: Record<DeliveryFile, string> = {
  train: "train",
  store: "store",
  future: "known_future",
};

export interface FilePreview {
  delimiter: string;
  /** Cells of the header as the file writes them, each with the column it is understood as; null = unknown to the contract. */
  columns: { header: string; canonical: string | null }[];
  /** The first rows, cell by cell. */
  rows: string[][];
  /** Required columns that no header stands for. */
  missing: string[];
}

/** A header as the contract compares it: neither case nor blanks matter. */
const normalised = (name: string): string => name.normalize("NFC").trim().toLowerCase().replace(/\s+/gu, "_");

/**
 * What the beginning of a file looks like: its separator, its headers with what they mean, its first rows. The server judges;
 * this only shows early what it will see.
 *
 * @param text    beginning of the file; of a file with very long lines the last row may be cut off
 * @param profile what the headers may mean; null = not known yet
 */
export function previewFile(text: string, profile: ContractProfile | null): FilePreview {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const header = lines[0] ?? "";
  const delimiter = [...DELIMITERS].sort((a, b) => countOf(header, b) - countOf(header, a))[0] ?? ",";
  const meaning = new Map<string, string>();
  for (const column of profile?.columns ?? [])
    for (const name of [column.canonical_name, ...column.aliases])
      meaning.set(normalised(name), column.canonical_name);
  const columns = splitCells(header, delimiter).map((cell) => ({
    header: cell,
    canonical: meaning.get(normalised(cell)) ?? null,
  }));
  const found = new Set(columns.map((column) => column.canonical));
  return {
    delimiter,
    columns,
    rows: lines
      .slice(1, PREVIEW_ROWS + 1)
      .filter((line) => line !== "")
      .map((line) => splitCells(line, delimiter)),
    missing: (profile?.required_columns ?? []).filter((column) => !found.has(column)),
  };
}

/** Which file of a delivery this is, by what its headers mean; null when none of them fits. */
export function guessFile(
  text: string,
  profiles: Readonly<Record<string, ContractProfile>>,
): DeliveryFile | null {
  let best: { file: DeliveryFile; known: number } | null = null;
  for (const file of ["train", "future", "store"] as const) {
    const profile = profiles[PROFILE_OF[file]];
    if (profile === undefined) continue;
    const preview = previewFile(text, profile);
    if (preview.missing.length > 0) continue;
    const known = preview.columns.filter((column) => column.canonical !== null).length;
    if (best === null || known > best.known) best = { file, known };
  }
  return best?.file ?? null;
}

const countOf = (text: string, sign: string): number => text.split(sign).length - 1;

/** Cells of one line; a quoted cell may hold the separator and doubled quotes. */
function splitCells(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const sign = line[i] as string;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (line[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === delimiter) {
      cells.push(cell);
      cell = "";
    } else cell += sign;
  }
  return [...cells, cell];
}
