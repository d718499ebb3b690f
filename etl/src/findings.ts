import type { EtlFinding, FindingSeverity, SourceName } from "@rossmann/warehouse";

/** Findings of one code that are kept as samples; all are counted. */
export const SAMPLES_PER_CODE = 100;
/** Longest piece of a file's text that a finding quotes. */
const QUOTE_LENGTH = 120;

/** How often a code was found in a source's column. */
export interface FindingCount {
  source: SourceName;
  code: string;
  severity: FindingSeverity;
  column: string | null;
  count: number;
}

/** The findings of a load: every one is counted, the first of each code and column are kept. */
export class Findings {
  readonly #counts = new Map<string, FindingCount>();
  readonly #samples: EtlFinding[] = [];

  /**
   * Count `count` findings and keep `samples` of them.
   *
   * @param samples the first ones by line, at most {@link SAMPLES_PER_CODE}
   */
  add(
    found: { source: SourceName; code: string; severity: FindingSeverity; column: string | null },
    count: number,
    samples: readonly { line: number | null; value: string | null; message: string }[],
  ): void {
    if (count === 0) return;
    const key = `${found.source} ${found.code} ${found.column}`;
    const before = this.#counts.get(key);
    this.#counts.set(key, { ...found, count: (before?.count ?? 0) + count });
    for (const sample of samples.slice(0, SAMPLES_PER_CODE)) {
      this.#samples.push({
        code: found.code,
        severity: found.severity,
        sourceName: found.source,
        columnName: found.column,
        line: sample.line,
        value: sample.value === null ? null : quote(sample.value),
        message: sample.message,
      });
    }
  }

  /** Exact counts, errors first, most frequent first. */
  counts(): FindingCount[] {
    return [...this.#counts.values()].sort(
      (a, b) => a.severity.localeCompare(b.severity) || b.count - a.count || a.code.localeCompare(b.code),
    );
  }

  /** Kept samples in the order of the files: stores, sales, coming days. */
  samples(): EtlFinding[] {
    const order = { store: 0, train: 1, future: 2 };
    return [...this.#samples].sort(
      (a, b) => order[a.sourceName] - order[b.sourceName] || (a.line ?? 0) - (b.line ?? 0),
    );
  }

  total(severity: FindingSeverity): number {
    return this.counts().reduce((sum, each) => (each.severity === severity ? sum + each.count : sum), 0);
  }
}

/** A piece of a file's text, short and on one line. PostgreSQL takes no NUL. */
export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get through
  const flat = text.replace(/[\u0000-\u001f\u007f]/g, "\uFFFD");
  return flat.length <= QUOTE_LENGTH ? flat : `${flat.slice(0, QUOTE_LENGTH)}…`;
}
