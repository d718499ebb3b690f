import type { PreflightManifest, PreflightRun } from "../../lib/api-types.ts";
import { fileSize } from "../../lib/file-size.ts";
import { count } from "../../lib/format.ts";

const SEPARATORS: Record<string, string> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

/** Form and columns of a file, as pairs of name and text; what is not known is left out. */
export function readingFacts(
  file: PreflightRun,
  metadata: Record<string, unknown>,
  manifest: PreflightManifest | null,
): [name: string, text: string][] {
  const text = (name: string) => (typeof metadata[name] === "string" ? (metadata[name] as string) : null);
  const delimiter = text("delimiter");
  const facts: [string, string | null][] = [
    [
      "Form",
      [
        file.file_size_bytes === null ? null : fileSize(file.file_size_bytes),
        text("encoding")?.toUpperCase() ?? null,
        delimiter === null ? null : `cells separated by ${SEPARATORS[delimiter] ?? delimiter}`,
      ]
        .filter((part) => part !== null)
        .join(", ") || null,
    ],
    [
      "Rows",
      `${count(file.rows_read)} read, ${count(file.rows_accepted)} accepted, ${count(file.rows_rejected)} set aside`,
    ],
    ["Profile", file.profile],
    ["Columns not in the file", list(manifest?.absent_columns)],
    ["Columns passed over", list(manifest?.extra_columns_dropped)],
    ["Foreign columns kept", list(manifest?.retained_extra_columns)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

const list = (names: readonly string[] | undefined): string | null =>
  names === undefined || names.length === 0 ? null : names.join(", ");
