/** One fault in a file: where it is, and what stands there. */
export interface PlantedFault {
  /** line in the file, the header being line 1 */
  line: number;
  column: string;
  value: string;
}

/** Line, column and value of each fault; every one of another kind or in another column. */
const FAULTS: readonly PlantedFault[] = [
  { line: 4, column: "Sales", value: "5,263.00" },
  { line: 17, column: "Date", value: "2015-02-30" },
  { line: 30, column: "Store", value: "0" },
  { line: 43, column: "DayOfWeek", value: "9" },
  { line: 56, column: "Customers", value: "-3" },
  { line: 69, column: "Open", value: "7" },
  { line: 82, column: "Promo", value: "yes" },
  { line: 95, column: "StateHoliday", value: "z" },
  { line: 108, column: "SchoolHoliday", value: "2" },
  { line: 121, column: "Store", value: "999999" },
];

/**
 * A `train.csv` with ten faults.
 *
 * @param text a clean file in the Kaggle form, at least 121 lines
 */
export function plantFaults(text: string): { text: string; faults: readonly PlantedFault[] } {
  const lines = text.split("\n");
  const header = (lines[0] ?? "").trim().split(",");
  for (const { line, column, value } of FAULTS) {
    const cells = (lines[line - 1] ?? "").trim().split(",");
    cells[header.indexOf(column)] = value.includes(",") ? `"${value}"` : value;
    lines[line - 1] = cells.join(",");
  }
  return { text: lines.join("\n"), faults: FAULTS };
}

const GERMAN: Record<string, string> = {
  Store: "Filiale",
  DayOfWeek: "Wochentag",
  Date: "Datum",
  Sales: "Umsatz",
  Customers: "Kunden",
  Open: "Offen",
  Promo: "Aktion",
  StateHoliday: "Feiertag",
  SchoolHoliday: "Schulferien",
};

/**
 * The same file as another client would send it: other headers, semicolons, `dd.mm.yyyy`.
 *
 * @param keep which stores it holds
 */
export function germanFile(text: string, keep: (store: number) => boolean): string {
  const [first = "", ...rest] = text.trim().split("\n");
  const header = first.trim().split(",");
  const [store, date] = [header.indexOf("Store"), header.indexOf("Date")];
  const rows = rest
    .map((line) => line.trim().split(","))
    .filter((cells) => keep(Number(cells[store])))
    .map((cells) =>
      cells.map((cell, i) => (i === date ? cell.split("-").reverse().join(".") : cell)).join(";"),
    );
  return [header.map((name) => GERMAN[name] ?? name).join(";"), ...rows, ""].join("\n");
}
