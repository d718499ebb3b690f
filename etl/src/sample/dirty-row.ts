/** Ways in which real deliveries are spoiled; each makes exactly one row unacceptable. */
const SPOILERS: readonly ((cells: string[]) => string[])[] = [
  (cells) => cells.with(3, "n/a"),
  (cells) => cells.with(3, "-120"),
  (cells) => cells.with(2, "31/02/2015"),
  (cells) => cells.with(6, "7"),
  (cells) => cells.with(3, ""),
  (cells) => cells.slice(0, -1),
  (cells) => cells.with(0, "999999"),
  (cells) => cells.with(7, "x"),
];

/**
 * A line of train.csv spoiled in one way.
 *
 * @param kind counted up by the caller: the ways take turns
 */
export function dirtyRow(line: string, kind: number): string {
  return SPOILERS[kind % SPOILERS.length]!(line.split(",")).join(",");
}
