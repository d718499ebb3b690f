/**
 * Cells of a header line, quotes taken off, `""` inside quotes read as `"`. Never throws: a broken quote leaves the rest
 * of the line as one cell.
 */
export function splitHeader(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let cell = "";
      at++;
      for (;;) {
        const close = line.indexOf('"', at);
        if (close < 0) return [...cells, cell + line.slice(at)];
        cell += line.slice(at, close);
        at = close + 1;
        if (line[at] !== '"') break;
        cell += '"';
        at++;
      }
      const next = line.indexOf(delimiter, at);
      cells.push(cell + (next < 0 ? line.slice(at) : line.slice(at, next)));
      if (next < 0) return cells;
      at = next + 1;
    } else {
      const next = line.indexOf(delimiter, at);
      cells.push(next < 0 ? line.slice(at) : line.slice(at, next));
      if (next < 0) return cells;
      at = next + 1;
    }
  }
}

/** Every character that files use between cells. */
export const DELIMITERS = [",", ";", "\t", "|"] as const;

/** A delimiter in words. */
export function delimiterName(delimiter: string): string {
  return { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe" }[delimiter] ?? delimiter;
}

/**
 * The delimiter that makes the most sense of a header line: the one that yields the most known columns, then the one
 * that yields the most cells, then the first of {@link DELIMITERS}.
 */
export function detectDelimiter(line: string, isKnown: (header: string) => boolean): string {
  let best: string = DELIMITERS[0];
  let bestScore = -1;
  for (const delimiter of DELIMITERS) {
    const cells = splitHeader(line, delimiter);
    const score = cells.filter(isKnown).length * 1_000_000 + Math.min(cells.length, 999_999);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}
