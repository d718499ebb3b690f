import Table from "cli-table3";

const PLAIN = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/**
 * Columns side by side without lines; columns whose every cell is a number are aligned to the right.
 *
 * @param rows as many cells per row as there are headings
 */
export function textTable(head: string[], rows: string[][]): string {
  const isNumeric = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[-+]?[\d.,]*\s?%?$/.test(row[column] ?? "")),
  );
  const table = new Table({
    head,
    chars: PLAIN,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: isNumeric.map((numeric) => (numeric ? "right" : "left")),
  });
  table.push(...rows);
  return table.toString();
}
