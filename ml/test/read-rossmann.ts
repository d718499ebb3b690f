/** A reader of the competition's CSVs for tests and figures: plain files in, {@link PanelRows} out. No cell is judged. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseIsoDate } from "@rossmann/core";
import { type CalendarRows, MISSING, type PanelRows, type StoreColumns } from "../src/panel-rows.ts";

/** Read `train.csv`, `store.csv` and, when present, `test.csv` of a folder. */
export function readRossmann(folder: string): PanelRows {
  const train = readTable(join(folder, "train.csv"));
  const history = calendarRows(train);
  const order = history.order;
  return {
    ...history.rows,
    sales: Float64Array.from(order, (i) => number(train.cells("Sales")[i])),
    customers: Float64Array.from(order, (i) => number(train.cells("Customers")[i])),
    future: calendarRows(readTable(join(folder, "test.csv"))).rows,
    stores: storeColumns(readTable(join(folder, "store.csv"))),
  };
}

interface Table {
  length: number;
  cells(column: string): string[];
}

function readTable(path: string): Table {
  const lines = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = splitLine(lines[0]);
  const columns = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const line of lines.slice(1)) {
    const cells = line.includes('"') ? splitLine(line) : line.split(",");
    names.forEach((name, c) => {
      columns.get(name)!.push(cells[c]);
    });
  }
  return { length: lines.length - 1, cells: (column) => columns.get(column)! };
}

const splitLine = (line: string) =>
  [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].slice(0, -1).map((m) => m[2] ?? m[1]);

const number = (text: string) => (text === "" ? NaN : Number(text));
const byte = (text: string) => (text === "" ? MISSING : Number(text));

function calendarRows(table: Table): { rows: CalendarRows; order: Int32Array } {
  const stores = table.cells("Store").map(Number);
  const days = table.cells("Date").map((text) => parseIsoDate(text)!);
  const order = Int32Array.from({ length: table.length }, (_, i) => i);
  order.sort((a, b) => stores[a] - stores[b] || days[a] - days[b]);
  const bytes = (column: string, parse: (text: string) => number) => {
    const cells = table.cells(column);
    return Uint8Array.from(order, (i) => parse(cells[i]));
  };
  const rows = {
    storeIds: Int32Array.from(order, (i) => stores[i]),
    dayNumbers: Int32Array.from(order, (i) => days[i]),
    open: bytes("Open", byte),
    promo: bytes("Promo", byte),
    schoolHoliday: bytes("SchoolHoliday", byte),
    stateHoliday: bytes("StateHoliday", (text) => (text === "" ? MISSING : "0abc".indexOf(text))),
  };
  return { rows, order };
}

function storeColumns(table: Table): StoreColumns {
  const numbers = (column: string) => Float64Array.from(table.cells(column), number);
  const texts = (column: string) => table.cells(column).map((text) => (text === "" ? null : text));
  return {
    storeIds: Int32Array.from(table.cells("Store"), Number),
    storeType: texts("StoreType"),
    assortment: texts("Assortment"),
    competitionDistance: numbers("CompetitionDistance"),
    competitionOpenSinceMonth: numbers("CompetitionOpenSinceMonth"),
    competitionOpenSinceYear: numbers("CompetitionOpenSinceYear"),
    promo2: Uint8Array.from(table.cells("Promo2"), byte),
    promo2SinceWeek: numbers("Promo2SinceWeek"),
    promo2SinceYear: numbers("Promo2SinceYear"),
    promoInterval: texts("PromoInterval"),
  };
}
