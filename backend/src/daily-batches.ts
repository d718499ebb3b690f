import { isoDate, parseIsoDate } from "@rossmann/core";
import { type Db, dailySales, type SalesRange, type StoreDay, sourceFootprint } from "@rossmann/warehouse";
import { HttpRefusal } from "./errors.ts";

/** Small enough that turning one batch into text does not hold up other answers. */
const BATCH_ROWS = 3000;

/** A load replaced the data between two batches: what was sent and what would follow are not of one moment. */
export class DataReplaced extends HttpRefusal {
  constructor() {
    super(503, "data_replaced", "a load replaced the data while they were being read; ask again");
  }
}

/**
 * Daily sales of every store by date, then store, some days at a time.
 *
 * Each batch is a question of its own, so that neither a connection nor a lock waits for a reader who takes his time: a load
 * that wants to swap its partition in is never held up. All batches are of one load all the same, or the reading ends.
 *
 * @throws {DataReplaced} when another load became visible since the first batch
 */
export async function* dailyBatches(db: Db, range: SalesRange): AsyncGenerator<StoreDay[], void, void> {
  const footprint = await sourceFootprint(db, range.dataSourceId);
  if (footprint === null || footprint.dateFrom === null || footprint.dateTo === null) return;
  const start = Math.max(parseIsoDate(range.dateFrom)!, parseIsoDate(footprint.dateFrom)!);
  const end = Math.min(parseIsoDate(range.dateTo)!, parseIsoDate(footprint.dateTo)!);
  const days = Math.max(1, Math.floor(BATCH_ROWS / footprint.storesCount));
  for (let first = start; first <= end; first += days) {
    const batch = await dailySales(db, {
      dataSourceId: range.dataSourceId,
      dateFrom: isoDate(first),
      dateTo: isoDate(Math.min(first + days - 1, end)),
    });
    const now = await sourceFootprint(db, range.dataSourceId);
    if (now?.etlRunId !== footprint.etlRunId) throw new DataReplaced();
    yield batch;
  }
}
