import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

export interface SalesRow {
  store: number;
  date: string;
  sales: number;
  customers: number;
  open: boolean;
}

/** The rows of a `train.csv` in the Kaggle form, read without any code of the product. */
export async function* salesRows(path: string): AsyncGenerator<SalesRow> {
  let header: string[] | null = null;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const cells = line.split(",").map((cell) => cell.replaceAll('"', ""));
    if (header === null) {
      header = cells;
      continue;
    }
    const cell = (name: string) => cells[header!.indexOf(name)] ?? "";
    yield {
      store: Number(cell("Store")),
      date: cell("Date"),
      sales: Number(cell("Sales")),
      customers: Number(cell("Customers")),
      open: cell("Open") === "1",
    };
  }
}

/** Sums over the days from `from` to `to`, both included, of the stores that `keep` says. */
export async function totals(
  path: string,
  from: string,
  to: string,
  keep: (store: number) => boolean = () => true,
) {
  const sum = { sales: 0, customers: 0, openStoreDays: 0 };
  for await (const row of salesRows(path)) {
    if (row.date < from || row.date > to || !keep(row.store)) continue;
    sum.sales += row.sales;
    sum.customers += row.customers;
    if (row.open) sum.openStoreDays += 1;
  }
  return sum;
}
