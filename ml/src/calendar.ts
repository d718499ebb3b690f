/**
 * The calendar of days nobody has told us about yet, worked out from the past.
 *
 * - promotion: the chain's own cycle (7 to 42 days, or last year's weeks), learned from the last half year and continued;
 * - state holidays: those of past years on the same date, movable feasts at the same distance from Easter;
 * - school holidays: those of past years, around Easter at the same distance from it;
 * - opening: the store's habit per weekday in its last eight weeks; closed on state holidays unless it used to open.
 *
 * Days that were known in advance are left alone, except for single missing cells.
 */
import { calendarParts, dayNumber, easterSunday, weekday } from "@rossmann/core";
import { Basis, type Panel } from "./panel.ts";
import { MISSING } from "./panel-rows.ts";

/** Distances from Easter Sunday at which public holidays move with it: Carnival to Corpus Christi. */
const MOVABLE_FEASTS = new Set([-48, -47, -3, -2, -1, 0, 1, 39, 49, 50, 60]);
/** School holidays this close to Easter move with it. */
const EASTER_HOLIDAY_DAYS = 21;
/** Short rhythms, then "as in the same week of last year": chains shift their rhythm around the same weeks. */
const CYCLE_CANDIDATES_DAYS = [7, 14, 21, 28, 35, 42, 364];
const CYCLE_EVIDENCE_DAYS = 182;
/** Below this agreement there is no cycle worth continuing. */
const LEAST_CYCLE_AGREEMENT = 0.65;
/** From this agreement of single stores with the majority on, promotion is a decision of the chain. */
const CHAIN_AGREEMENT = 0.95;
const OPENING_HABIT_DAYS = 56;
const YEARS_LOOKED_BACK = 3;

/** Fill the promotion of absent history days and every cell of the coming days that is not known. Changes `panel`. */
export function projectCalendar(panel: Panel): void {
  const majority = chainMajority(panel);
  fillGaps(panel, majority.promo);
  projectPromo(panel, majority);
  projectHolidays(panel, majority);
  projectOpening(panel);
}

interface Majority {
  /** per day: 1, 0, or 255 when no store has a row */
  promo: Uint8Array;
  /** per day: most frequent code, or 255 */
  stateHoliday: Uint8Array;
  /** per day: 1, 0, or 255 */
  schoolHoliday: Uint8Array;
}

const hasRow = (basis: number) => basis === Basis.observed || basis === Basis.known;

function chainMajority(panel: Panel): Majority {
  const { calendarDays, storeIds } = panel;
  const promo = new Int32Array(calendarDays * 2);
  const school = new Int32Array(calendarDays * 2);
  const state = new Int32Array(calendarDays * 4);
  for (let s = 0; s < storeIds.length; s++) {
    const offset = s * calendarDays;
    for (let t = 0; t < calendarDays; t++) {
      if (!hasRow(panel.basis[offset + t])) continue;
      if (panel.promo[offset + t] !== MISSING) promo[t * 2 + panel.promo[offset + t]]++;
      if (panel.schoolHoliday[offset + t] !== MISSING) school[t * 2 + panel.schoolHoliday[offset + t]]++;
      if (panel.stateHoliday[offset + t] !== MISSING) state[t * 4 + panel.stateHoliday[offset + t]]++;
    }
  }
  return {
    promo: mostFrequent(promo, 2),
    schoolHoliday: mostFrequent(school, 2),
    stateHoliday: mostFrequent(state, 4),
  };
}

/** Per day the code with most votes, the smaller code on a tie, 255 without votes. */
function mostFrequent(votes: Int32Array, codes: number): Uint8Array {
  const winner = new Uint8Array(votes.length / codes).fill(MISSING);
  for (let t = 0; t < winner.length; t++) {
    let most = 0;
    for (let code = 0; code < codes; code++) {
      if (votes[t * codes + code] > most) {
        most = votes[t * codes + code];
        winner[t] = code;
      }
    }
  }
  return winner;
}

/** A store closed for a refit has no rows, yet the chain's promotions went on: "days since promo" must know them. */
function fillGaps(panel: Panel, chainPromo: Uint8Array): void {
  const { calendarDays, historyDays, basis, promo } = panel;
  for (let s = 0; s < panel.storeIds.length; s++) {
    for (let t = 0; t < historyDays; t++) {
      const cell = s * calendarDays + t;
      if (basis[cell] === Basis.absent) promo[cell] = chainPromo[t] === 1 ? 1 : 0;
    }
  }
}

function projectPromo(panel: Panel, majority: Majority): void {
  const { calendarDays, historyDays, basis, promo } = panel;
  const isChainWide = agreement(panel, majority.promo) >= CHAIN_AGREEMENT;
  const chain = majority.promo.slice();
  continueCycle(chain, historyDays);
  const own = new Uint8Array(calendarDays);
  for (let s = 0; s < panel.storeIds.length; s++) {
    const offset = s * calendarDays;
    let projected = chain;
    if (!isChainWide) {
      for (let t = 0; t < calendarDays; t++) {
        const isGiven = t < historyDays || basis[offset + t] === Basis.known;
        own[t] = isGiven ? promo[offset + t] : MISSING;
      }
      continueCycle(own, historyDays);
      projected = own;
    }
    for (let t = historyDays; t < calendarDays; t++) {
      if (basis[offset + t] !== Basis.known || promo[offset + t] === MISSING)
        promo[offset + t] = projected[t];
    }
  }
}

/** Share of store-days in the evidence window on which a store's promotion is the majority's; 1 without rows. */
function agreement(panel: Panel, chainPromo: Uint8Array): number {
  const { calendarDays, historyDays, basis, promo } = panel;
  let same = 0;
  let total = 0;
  for (let s = 0; s < panel.storeIds.length; s++) {
    for (let t = Math.max(0, historyDays - CYCLE_EVIDENCE_DAYS); t < historyDays; t++) {
      const cell = s * calendarDays + t;
      if (basis[cell] !== Basis.observed) continue;
      total++;
      if (promo[cell] === chainPromo[t]) same++;
    }
  }
  return total === 0 ? 1 : same / total;
}

/** Fill every 255 from `historyDays` on by the best cycle of the days before, else by the habit of the weekday. */
function continueCycle(series: Uint8Array, historyDays: number): void {
  let period = 0;
  let best = LEAST_CYCLE_AGREEMENT;
  const evidenceFrom = Math.max(0, historyDays - CYCLE_EVIDENCE_DAYS);
  for (const candidate of CYCLE_CANDIDATES_DAYS) {
    let same = 0;
    let total = 0;
    for (let t = Math.max(evidenceFrom, candidate); t < historyDays; t++) {
      if (series[t] === MISSING || series[t - candidate] === MISSING) continue;
      total++;
      if (series[t] === series[t - candidate]) same++;
    }
    // A longer cycle must be clearly better: every multiple of the true one agrees about as well.
    if (
      total >= Math.min(candidate, CYCLE_EVIDENCE_DAYS) &&
      same / total > best + (period === 0 ? 0 : 0.02)
    ) {
      best = same / total;
      period = candidate;
    }
  }
  const habit = weekdayHabit(series, evidenceFrom, historyDays);
  for (let t = historyDays; t < series.length; t++) {
    if (series[t] !== MISSING) continue;
    const before = period > 0 && t >= period ? series[t - period] : MISSING;
    series[t] = before === MISSING ? habit[t % 7] : before;
  }
}

/** 1 for each place in the week (day index modulo 7) on which more than half of the days were 1. */
function weekdayHabit(series: Uint8Array, from: number, to: number): Uint8Array {
  const habit = new Uint8Array(7);
  for (let place = 0; place < 7; place++) {
    let ones = 0;
    let total = 0;
    for (let t = from; t < to; t++) {
      if (t % 7 !== place || series[t] === MISSING) continue;
      total++;
      ones += series[t];
    }
    habit[place] = ones * 2 > total ? 1 : 0;
  }
  return habit;
}

function projectHolidays(panel: Panel, majority: Majority): void {
  const { calendarDays, historyDays, firstDay, basis } = panel;
  for (let t = historyDays; t < calendarDays; t++) {
    const state = twins(firstDay + t, "state").map((day) => day - firstDay);
    const school = twins(firstDay + t, "school").map((day) => day - firstDay);
    for (let s = 0; s < panel.storeIds.length; s++) {
      const cell = s * calendarDays + t;
      const isKnown = basis[cell] === Basis.known;
      if (!isKnown || panel.stateHoliday[cell] === MISSING) {
        panel.stateHoliday[cell] = pastValue(panel, panel.stateHoliday, majority.stateHoliday, s, state);
      }
      if (!isKnown || panel.schoolHoliday[cell] === MISSING) {
        panel.schoolHoliday[cell] = pastValue(panel, panel.schoolHoliday, majority.schoolHoliday, s, school);
      }
      if (!isKnown) basis[cell] = Basis.projected;
    }
  }
}

/** The store's own value on the newest twin day it has a row for, else the chain's, else 0. */
function pastValue(
  panel: Panel,
  values: Uint8Array,
  chain: Uint8Array,
  store: number,
  days: readonly number[],
): number {
  for (const t of days) {
    const cell = store * panel.calendarDays + t;
    if (t >= 0 && t < panel.historyDays && panel.basis[cell] === Basis.observed) return values[cell];
  }
  for (const t of days) {
    if (t >= 0 && t < panel.historyDays && chain[t] !== MISSING) return chain[t];
  }
  return 0;
}

/** The days of past years, newest first, whose holidays tell those of `day`. */
function twins(day: number, kind: "state" | "school"): number[] {
  const { year, month, dayOfMonth } = calendarParts(day);
  const fromEaster = day - easterSunday(year);
  const found: number[] = [];
  for (let back = 1; back <= YEARS_LOOKED_BACK; back++) {
    const past = year - back;
    if (kind === "school" && Math.abs(fromEaster) <= EASTER_HOLIDAY_DAYS) {
      found.push(easterSunday(past) + fromEaster);
    } else if (kind === "state" && MOVABLE_FEASTS.has(fromEaster)) {
      found.push(easterSunday(past) + fromEaster);
    } else if (kind === "state" && isRepentanceDay(day)) {
      found.push(repentanceDay(past));
    } else {
      // 29 February has no twin in most years: the day before serves.
      const twin = dayNumber(past, month, dayOfMonth) ?? dayNumber(past, month, dayOfMonth - 1);
      if (twin === null) continue;
      const isMovable =
        kind === "state" && (MOVABLE_FEASTS.has(twin - easterSunday(past)) || isRepentanceDay(twin));
      // What stood on this date then moved with Easter: say "a working day" by naming the day's own weekday twin.
      found.push(isMovable ? ordinaryTwin(twin, past) : twin);
    }
  }
  return found;
}

/** The nearest earlier day of the same weekday that is no movable feast. */
function ordinaryTwin(day: number, year: number): number {
  let twin = day - 7;
  while (MOVABLE_FEASTS.has(twin - easterSunday(year)) || isRepentanceDay(twin)) twin -= 7;
  return twin;
}

/** Repentance Day (Saxony): the Wednesday before 23 November. */
const isRepentanceDay = (day: number) => day === repentanceDay(calendarParts(day).year);

function repentanceDay(year: number): number {
  let day = dayNumber(year, 11, 22)!;
  while (weekday(day) !== 3) day--;
  return day;
}

function projectOpening(panel: Panel): void {
  const { calendarDays, historyDays, basis, open, stateHoliday } = panel;
  const chainHabit = new Float64Array(7);
  const habits: (Float64Array | null)[] = [];
  let counted = 0;
  for (let s = 0; s < panel.storeIds.length; s++) {
    const habit = openingHabit(panel, s);
    habits.push(habit);
    if (habit === null) continue;
    counted++;
    for (let place = 0; place < 7; place++) chainHabit[place] += habit[place];
  }
  for (let place = 0; place < 7; place++) chainHabit[place] /= Math.max(counted, 1);

  for (let s = 0; s < panel.storeIds.length; s++) {
    const offset = s * calendarDays;
    const habit = habits[s] ?? chainHabit;
    const opensOnHolidays = holidayHabit(panel, s);
    for (let t = historyDays; t < calendarDays; t++) {
      const cell = offset + t;
      if (basis[cell] === Basis.known && open[cell] !== MISSING) continue;
      const isOpenWeekday = habit[t % 7] >= 0.5;
      open[cell] = isOpenWeekday && (stateHoliday[cell] === 0 || opensOnHolidays) ? 1 : 0;
    }
  }
}

/**
 * Share of open days per place in the week over the store's last eight weeks, public holidays left out; days without
 * a row count as closed, so a store that went silent stays closed. `null` when the store never had a row.
 */
function openingHabit(panel: Panel, store: number): Float64Array | null {
  const { calendarDays, historyDays, basis, open, stateHoliday } = panel;
  const offset = store * calendarDays;
  let first = -1;
  let last = historyDays - 1;
  for (let t = 0; t < calendarDays; t++) {
    if (!hasRow(basis[offset + t]) || open[offset + t] === MISSING) continue;
    if (first < 0) first = t;
    if (t > last) last = t;
  }
  if (first < 0) return null;
  const opened = new Float64Array(7);
  const days = new Float64Array(7);
  for (let t = Math.max(first, last - OPENING_HABIT_DAYS + 1); t <= last; t++) {
    const cell = offset + t;
    // Between the history and a later known day there may be projected days; they are no evidence.
    if (t >= historyDays && (basis[cell] !== Basis.known || open[cell] === MISSING)) continue;
    if (stateHoliday[cell] !== 0) continue;
    days[t % 7]++;
    opened[t % 7] += hasRow(basis[cell]) && open[cell] === 1 ? 1 : 0;
  }
  for (let place = 0; place < 7; place++) opened[place] = days[place] === 0 ? 0 : opened[place] / days[place];
  return opened;
}

/** Did the store open on more than half of its public holidays? No when it never met one. */
function holidayHabit(panel: Panel, store: number): boolean {
  const { calendarDays, historyDays, basis, open, stateHoliday } = panel;
  let holidays = 0;
  let opened = 0;
  for (let t = 0; t < historyDays; t++) {
    const cell = store * calendarDays + t;
    if (basis[cell] !== Basis.observed || stateHoliday[cell] === 0) continue;
    holidays++;
    opened += open[cell];
  }
  return opened * 2 > holidays;
}
