import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createRandom, type DayNumber, dayNumber, isoDate, type Random } from "@rossmann/core";
import { drawChain, type SampleStore } from "./chain.ts";
import { type ChainDate, chainDate, dayMarks, logDemand } from "./demand.ts";
import { dirtyRow } from "./dirty-row.ts";

export interface SampleOptions {
  /** number of shops; default 60 */
  stores?: number;
  /** days of history from 2013-01-01 on; default 942, about 2.6 years */
  days?: number;
  /** the same seed writes the same bytes; default 1 */
  seed?: number;
  /** rows of train.csv that are spoiled, each in one way; default 0 */
  dirtyCells?: number;
}

/** What was written. */
export interface WrittenSample {
  train: string;
  store: string;
  future: string;
  stores: number;
  /** lines of train.csv below its header */
  trainRows: number;
  futureRows: number;
  dirtyRows: number;
  /** first and last day of the history */
  dateFrom: string;
  dateTo: string;
}

const FIRST_DAY = dayNumber(2013, 1, 1)!;
/** Days in test.csv. */
const COMING_DAYS = 42;
/** How much of yesterday's noise is left today. */
const PERSISTENCE = 0.35;

/**
 * Write a synthetic chain of shops as `train.csv`, `store.csv` and `test.csv` in the Rossmann file format. Files are written day
 * by day, newest first as in the original, so that memory does not grow with their length, and get their names only when they
 * are whole.
 *
 * @param folder made when missing
 */
export async function writeSample(folder: string, options: SampleOptions = {}): Promise<WrittenSample> {
  const { stores: count = 60, days = 942, seed = 1, dirtyCells = 0 } = options;
  await mkdir(folder, { recursive: true });
  const random = createRandom(seed);
  const chain = drawChain(count, FIRST_DAY, days, random);
  const lastDay = FIRST_DAY + days - 1;
  const paths = {
    train: join(folder, "train.csv"),
    store: join(folder, "store.csv"),
    future: join(folder, "test.csv"),
  };

  await writeLines(paths.store, storeLines(chain));
  const spoiled = chooseRows(dirtyCells, chain, days, random);
  const written = { trainRows: 0, futureRows: 0 };
  await writeLines(
    paths.train,
    trainLines(chain, lastDay, random, spoiled, (rows) => {
      written.trainRows += rows;
    }),
  );
  await writeLines(
    paths.future,
    futureLines(chain, lastDay, (rows) => {
      written.futureRows += rows;
    }),
  );
  return {
    ...paths,
    stores: count,
    ...written,
    dirtyRows: spoiled.size,
    dateFrom: isoDate(FIRST_DAY),
    dateTo: isoDate(lastDay),
  };
}

function* storeLines(chain: readonly SampleStore[]): Generator<string> {
  yield '"Store","StoreType","Assortment","CompetitionDistance","CompetitionOpenSinceMonth","CompetitionOpenSinceYear","Promo2","Promo2SinceWeek","Promo2SinceYear","PromoInterval"\n';
  for (const store of chain) {
    const since = store.competitionSince;
    const promo2 = store.promo2;
    const cells = [
      store.storeId,
      `"${store.storeType}"`,
      `"${store.assortment}"`,
      store.competitionDistance ?? "",
      since?.month ?? "",
      since?.year ?? "",
      promo2 === null ? 0 : 1,
      promo2?.week ?? "",
      promo2?.year ?? "",
      `"${promo2?.interval ?? ""}"`,
    ];
    yield `${cells.join(",")}\n`;
  }
}

function* trainLines(
  chain: readonly SampleStore[],
  lastDay: DayNumber,
  random: Random,
  spoiled: ReadonlySet<number>,
  onRows: (rows: number) => void,
): Generator<string> {
  yield "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday\n";
  // Noise that leans on its neighbour day is the same kind of noise read backwards, so that newest first needs no second pass.
  const noise = chain.map(() => random.normal());
  const fresh = Math.sqrt(1 - PERSISTENCE ** 2);
  let dirty = 0;
  for (let day = lastDay; day >= FIRST_DAY; day--) {
    const date = chainDate(day);
    let text = "";
    let rows = 0;
    for (const [index, store] of chain.entries()) {
      noise[index] = PERSISTENCE * noise[index]! + fresh * random.normal();
      if (isAbsent(store, day)) continue;
      const line = trainLine(store, date, noise[index]!, random);
      text += spoiled.has(rowKey(day, index, chain.length)) ? dirtyRow(line, dirty++) : line;
      text += "\n";
      rows++;
    }
    onRows(rows);
    yield text;
  }
}

function trainLine(store: SampleStore, date: ChainDate, noise: number, random: Random): string {
  const marks = dayMarks(store, date);
  // Drawn also for closed days, so that a shop's works do not change the other shops.
  const basket = 1 + 0.05 * random.normal();
  let sales = 0;
  let customers = 0;
  if (marks.open === 1) {
    sales = Math.round(Math.exp(logDemand(store, date, marks, FIRST_DAY) + store.noise * noise));
    customers = Math.max(1, Math.round(sales / (store.salesPerCustomer * Math.max(0.7, basket))));
  }
  return `${store.storeId},${date.weekday},${isoDate(date.day)},${sales},${customers},${marks.open},${date.promo},${marks.stateHoliday},${marks.schoolHoliday}`;
}

function* futureLines(
  chain: readonly SampleStore[],
  lastDay: DayNumber,
  onRows: (rows: number) => void,
): Generator<string> {
  yield "Id,Store,DayOfWeek,Date,Open,Promo,StateHoliday,SchoolHoliday\n";
  let id = 1;
  for (let day = lastDay + COMING_DAYS; day > lastDay; day--) {
    const date = chainDate(day);
    let text = "";
    for (const store of chain) {
      const marks = dayMarks(store, date);
      text += `${id++},${store.storeId},${date.weekday},${isoDate(day)},${marks.open},${date.promo},${marks.stateHoliday},${marks.schoolHoliday}\n`;
    }
    onRows(chain.length);
    yield text;
  }
}

const isAbsent = ({ works }: SampleStore, day: DayNumber) =>
  works !== null && works.rows === "absent" && day >= works.from && day <= works.to;

const rowKey = (day: DayNumber, index: number, stores: number) => (day - FIRST_DAY) * stores + index;

/** Rows that exist, each chosen once. */
function chooseRows(
  wanted: number,
  chain: readonly SampleStore[],
  days: number,
  random: Random,
): Set<number> {
  const chosen = new Set<number>();
  const most = Math.min(wanted, Math.floor((chain.length * days) / 2));
  while (chosen.size < most) {
    const day = FIRST_DAY + random.integer(0, days - 1);
    const index = random.integer(0, chain.length - 1);
    if (!isAbsent(chain[index]!, day)) chosen.add(rowKey(day, index, chain.length));
  }
  return chosen;
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const partial = `${path}.partial`;
  const stream = createWriteStream(partial);
  // Listened to from the start: a full disk shows as an error event between two writes.
  const done = finished(stream);
  done.catch(() => undefined);
  for (const text of lines) {
    if (stream.errored) break;
    if (!stream.write(text)) await Promise.race([drained(stream), done]);
  }
  stream.end();
  await done;
  await rename(partial, path);
}

const drained = (stream: NodeJS.WritableStream) => new Promise<void>((go) => stream.once("drain", go));
