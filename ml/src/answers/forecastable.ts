/** Which stores can be forecast at all: those that have sold something, and have not closed for good. */
import { type AppError, isoDate } from "@rossmann/core";
import { StoreClosedError, StoreWithoutHistoryError, UnknownStoreError } from "../errors.ts";
import type { Panel } from "../panel.ts";
import type { Bench } from "./bench.ts";

/** A store without an open day for so long, and none to come, has closed. */
const CLOSED_FOR_GOOD_DAYS = 56;

/** The reason why a store cannot be forecast; null when it can. */
export function refusalOf(bench: Pick<Bench, "panel" | "storeIndex">, storeId: number): AppError | null {
  const store = bench.storeIndex.get(storeId);
  if (store === undefined) return new UnknownStoreError([storeId]);
  const { panel } = bench;
  const last = lastDayOfSales(panel, store);
  if (last === null) return new StoreWithoutHistoryError(storeId);
  if (panel.historyDays - 1 - last < CLOSED_FOR_GOOD_DAYS || opensAgain(panel, store)) return null;
  return new StoreClosedError(storeId, isoDate(panel.firstDay + last));
}

/** Stores that can be forecast, in the order they were asked for, and why the others cannot. */
export function sortOut(
  bench: Pick<Bench, "panel" | "storeIndex">,
  storeIds: readonly number[],
): { able: number[]; failures: StoreFailure[] } {
  const able: number[] = [];
  const failures: StoreFailure[] = [];
  for (const storeId of storeIds) {
    const refusal = refusalOf(bench, storeId);
    if (refusal === null) able.push(storeId);
    else failures.push({ storeId, code: refusal.code, detail: refusal.message });
  }
  return { able, failures };
}

export interface StoreFailure {
  storeId: number;
  code: string;
  detail: string;
}

function lastDayOfSales(panel: Panel, store: number): number | null {
  for (let t = panel.historyDays - 1; t >= 0; t--) {
    if (!Number.isNaN(panel.logSales[store * panel.historyDays + t])) return t;
  }
  return null;
}

function opensAgain(panel: Panel, store: number): boolean {
  const row = store * panel.calendarDays;
  return panel.open.subarray(row + panel.historyDays, row + panel.calendarDays).includes(1);
}
