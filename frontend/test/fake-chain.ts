import type {
  ChainForecast,
  ChainSalesPoint,
  Drivers,
  ForecastAccuracy,
  ForecastPoint,
  KpiFigures,
  PromoImpactRow,
  Store,
  StoreMover,
  StoreSalesPoint,
} from "@rossmann/backend";
import {
  addDays,
  type Day,
  daysInRange,
  fromDayNumber,
  monthOf,
  toDayNumber,
  weekdayOf,
} from "../src/lib/days.ts";

/**
 * A made-up chain for tests and for looking at pages without a database: seeded, with weekly and yearly seasons,
 * promotions every other working week, Sundays off, a few stores that open on Sundays. Same answers on every run.
 */
export interface FakeChain {
  from: Day;
  to: Day;
  stores: Store[];
  storeDays: (store: number, from: Day, to: Day) => StoreSalesPoint[];
  chainDays: (from: Day, to: Day) => ChainSalesPoint[];
  figures: (store: number | null, from: Day, to: Day) => KpiFigures;
  movers: (from: Day, to: Day, limit: number) => StoreMover[];
  promoImpact: (store: number | null) => PromoImpactRow[];
  forecast: (store: number, horizon: number) => ForecastPoint[];
  chainForecast: (horizon: number) => ChainForecast;
  accuracy: (store: number | null) => ForecastAccuracy;
}

const WEEKDAY_FACTOR = [1.16, 1.0, 0.94, 0.92, 0.98, 0.86, 0];
const MONTH_FACTOR = [0.95, 0.95, 1.0, 1.01, 1.02, 1.0, 1.0, 0.97, 0.94, 0.96, 1.05, 1.28];
const PUBLIC_HOLIDAYS = new Set(["01-01", "05-01", "10-03", "12-25", "12-26"]);
const PROMO_FACTOR = 1.37;
const KNOWN_DAYS = 48;

export function fakeChain(size = 1115, from: Day = "2013-01-01", to: Day = "2015-07-31"): FakeChain {
  const stores: (Store & { base: number; sunday: boolean })[] = Array.from({ length: size }, (_, i) => {
    const id = i + 1;
    const type = "aaacddab"[Math.floor(noise(id, 1) * 8)] ?? "a";
    const sunday = noise(id, 2) < 0.03;
    return {
      store_id: id,
      store_type: sunday ? "b" : type,
      assortment: "aacacb"[Math.floor(noise(id, 3) * 6)] ?? "a",
      competition_distance:
        noise(id, 4) < 0.01 ? null : Math.round((noise(id, 5) ** 3 * 20000 + 40) / 10) * 10,
      promo2: noise(id, 6) < 0.5 ? 1 : 0,
      total_sales: 0,
      avg_daily_sales: null,
      sales_rank: null,
      last_date: to,
      base: 3600 + noise(id, 7) ** 2 * 9000,
      sunday,
    };
  });
  const firstDay = toDayNumber(from);
  const length = daysInRange(from, to);
  const dayFacts = Array.from({ length: length + 400 }, (_, i) => calendar(fromDayNumber(firstDay + i)));

  const storeDay = (store: (typeof stores)[number], number: number): StoreSalesPoint => {
    const facts = dayFacts[number - firstDay] ?? calendar(fromDayNumber(number));
    const isOpen = !facts.holiday && (facts.weekday < 7 || store.sunday);
    const promo = facts.promo ? 1 : 0;
    const week = facts.weekday === 7 ? 0.8 : (WEEKDAY_FACTOR[facts.weekday - 1] ?? 1);
    const trend = 1 + (noise(store.store_id, 8) - 0.42) * 0.12 * ((number - firstDay) / 365);
    const sales = isOpen
      ? Math.round(
          store.base *
            week *
            facts.season *
            trend *
            (promo ? PROMO_FACTOR : 1) *
            (0.9 + 0.2 * noise(store.store_id, number)),
        )
      : 0;
    return {
      date: facts.date,
      store_id: store.store_id,
      sales,
      customers: Math.round(sales / (8.2 + noise(store.store_id, 9) * 3)),
      partial: false,
      promo,
      open: isOpen ? 1 : 0,
      state_holiday: facts.holiday ? "a" : "0",
      school_holiday: facts.school ? 1 : 0,
    };
  };

  // The whole history of the chain, once: everything that is asked of it is a sum over a part of these.
  const chain = Array.from({ length }, (_, i) => ({
    sales: 0,
    customers: 0,
    promo: 0,
    open: 0,
    school: 0,
    holiday: 0,
    date: fromDayNumber(firstDay + i),
  }));
  const perStore = new Map<number, { sales: Float64Array; open: number }>();
  for (const store of stores) {
    const sales = new Float64Array(length);
    let open = 0;
    for (let i = 0; i < length; i++) {
      const point = storeDay(store, firstDay + i);
      const total = chain[i];
      if (total === undefined) continue;
      sales[i] = point.sales;
      open += point.open ?? 0;
      total.sales += point.sales;
      total.customers += point.customers;
      total.promo += point.promo ?? 0;
      total.open += point.open ?? 0;
      total.school += point.school_holiday ?? 0;
      total.holiday += point.state_holiday === "a" ? 1 : 0;
    }
    perStore.set(store.store_id, { sales, open });
    store.total_sales = sales.reduce((a, b) => a + b, 0);
    store.avg_daily_sales = open === 0 ? null : store.total_sales / open;
  }
  stores
    .toSorted((a, b) => b.total_sales - a.total_sales)
    .forEach((store, i) => {
      store.sales_rank = i + 1;
    });

  const clip = (a: Day, b: Day): [number, number] => [
    Math.max(0, toDayNumber(a) - firstDay),
    Math.min(length - 1, toDayNumber(b) - firstDay),
  ];
  const byId = (id: number) => stores[id - 1];
  const storeDays = (id: number, a: Day, b: Day): StoreSalesPoint[] => {
    const store = byId(id);
    const [first, last] = clip(a, b);
    if (store === undefined || last < first) return [];
    return Array.from({ length: last - first + 1 }, (_, i) => storeDay(store, firstDay + first + i));
  };
  const chainDays = (a: Day, b: Day): ChainSalesPoint[] => {
    const [first, last] = clip(a, b);
    return chain.slice(first, last + 1).map((day) => ({
      date: day.date,
      store_id: null,
      sales: day.sales,
      customers: day.customers,
      partial: false,
      promo: day.promo,
      open: day.open,
      state_holiday: null,
      school_holiday: day.school,
      state_holiday_stores: day.holiday,
      stores_count: size,
    }));
  };
  const figures = (store: number | null, a: Day, b: Day): KpiFigures => {
    const points = store === null ? chainDays(a, b) : storeDays(store, a, b);
    const sum = (pick: (point: ChainSalesPoint | StoreSalesPoint) => number | null) =>
      points.reduce((total, point) => total + (pick(point) ?? 0), 0);
    const sales = sum((point) => point.sales);
    const customers = sum((point) => point.customers);
    const open = sum((point) => point.open);
    const promo = sum((point) => point.promo);
    const openPromo = sum((point) => Math.min(point.promo ?? 0, point.open ?? 0));
    return {
      date_from: a,
      date_to: b,
      store_id: store,
      total_sales: sales,
      total_customers: customers,
      avg_daily_sales: points.length === 0 ? 0 : sales / points.length,
      promo_days: promo,
      open_days: open,
      store_days: points.length * (store === null ? size : 1),
      open_store_days: open,
      promo_store_days: promo,
      promo_share: open === 0 ? null : openPromo / open,
      sales_per_customer: customers === 0 ? null : sales / customers,
      stores_count: points.length === 0 ? 0 : store === null ? size : 1,
    };
  };
  const movers = (a: Day, b: Day, limit: number): StoreMover[] => {
    const days = daysInRange(a, b);
    const total = (sales: Float64Array, from: Day, to: Day) => {
      const [first, last] = clip(from, to);
      return sales.subarray(first, last + 1).reduce((x, y) => x + y, 0);
    };
    return stores
      .map((store) => {
        const sales = perStore.get(store.store_id)?.sales ?? new Float64Array();
        const now = total(sales, a, b);
        const before = total(sales, addDays(a, -days), addDays(b, -days));
        return {
          store_id: store.store_id,
          store_type: store.store_type,
          sales: now,
          previous_sales: before,
          change: now - before,
          change_pct: before === 0 ? null : (now / before - 1) * 100,
        };
      })
      .toSorted((x, y) => Math.abs(y.change) - Math.abs(x.change))
      .slice(0, limit);
  };
  const promoImpact = (only: number | null): PromoImpactRow[] =>
    stores
      .filter((store) => only === null || store.store_id === only)
      .flatMap((store) => {
        const average = store.avg_daily_sales ?? 0;
        const uplift = 30 + noise(store.store_id, 11) * 16;
        return (["no_promo", "promo"] as const).map((flag) => {
          const open = flag === "promo" ? average * 1.18 : average * 0.86;
          const share = flag === "promo" ? 0.98 : 0.71;
          return {
            store_id: store.store_id,
            promo_flag: flag,
            avg_sales: open * share,
            avg_customers: (open * share) / 9.4,
            num_days: flag === "promo" ? 360 : 582,
            avg_sales_open: open,
            avg_customers_open: open / 9.4,
            open_days: Math.round((flag === "promo" ? 360 : 582) * share),
            uplift_pct: uplift,
          };
        });
      });
  const forecast = (id: number, horizon: number): ForecastPoint[] => {
    const store = byId(id);
    if (store === undefined) return [];
    return Array.from({ length: horizon }, (_, step) => {
      const point = storeDay(store, toDayNumber(to) + 1 + step);
      const isOpen = point.open === 1;
      const expected = isOpen ? point.sales * (0.96 + 0.08 * noise(id, step + 50)) : 0;
      const spread = 0.1 + 0.0012 * step;
      return {
        date: point.date,
        predicted_sales: expected,
        predicted_lower: expected * (1 - spread),
        predicted_upper: expected * (1 + spread),
        predicted_lower_95: expected * (1 - spread * 1.7),
        predicted_upper_95: expected * (1 + spread * 1.8),
        open: isOpen ? 1 : 0,
        promo: point.promo ?? 0,
        state_holiday: point.state_holiday ?? "0",
        school_holiday: point.school_holiday ?? 0,
        basis: step < KNOWN_DAYS ? "known" : "projected",
        drivers: isOpen ? drivers(expected, point) : null,
        override_sales: null,
        override_id: null,
      };
    });
  };
  const chainForecast = (horizon: number): ChainForecast => {
    const points = Array.from({ length: horizon }, (_, step) => {
      const facts = calendar(addDays(to, step + 1));
      const open = facts.holiday
        ? 0
        : facts.weekday === 7
          ? stores.filter((store) => store.sunday).length
          : size;
      const sales =
        open *
        5900 *
        (facts.weekday === 7 ? 0.8 : (WEEKDAY_FACTOR[facts.weekday - 1] ?? 1)) *
        facts.season *
        (facts.promo ? PROMO_FACTOR : 1);
      return {
        date: facts.date,
        predicted_sales: sales,
        predicted_lower: sales * 0.94,
        predicted_upper: sales * 1.06,
        predicted_lower_95: sales * 0.9,
        predicted_upper_95: sales * 1.1,
        open,
        promo: facts.promo ? open : 0,
        basis: "known" as const,
      };
    });
    const total = points.reduce((sum, point) => sum + point.predicted_sales, 0);
    return {
      origin: to,
      model_version: 3,
      model_type: "ridge",
      horizon_days: horizon,
      stores_count: size,
      total,
      lower: total * 0.97,
      upper: total * 1.03,
      points,
    };
  };
  const accuracy = (store: number | null): ForecastAccuracy => ({
    store_id: store,
    wape: 0.094,
    rmspe: 0.131,
    bias: -0.004,
    points: store === null ? 234000 : 210,
    typical_error_pct: store === null ? 8.1 : 6 + noise(store, 12) * 6,
    origins: ["2014-06-20", "2014-08-01", "2015-01-02", "2015-02-13", "2015-03-27", "2015-05-08"],
    horizon_groups: [
      { from: 1, to: 7, wape: 0.082, coverage_80: 0.82 },
      { from: 8, to: 14, wape: 0.089, coverage_80: 0.81 },
      { from: 15, to: 28, wape: 0.096, coverage_80: 0.79 },
      { from: 29, to: 42, wape: 0.108, coverage_80: 0.78 },
    ],
  });
  return {
    from,
    to,
    stores: stores.map(({ base: _base, sunday: _sunday, ...store }) => store),
    storeDays,
    chainDays,
    figures,
    movers,
    promoImpact,
    forecast,
    chainForecast,
    accuracy,
  };
}

/** A day's forecast taken apart; the parts add up to it. */
function drivers(expected: number, { promo, date }: StoreSalesPoint): Drivers {
  const promotion = promo === 1 ? expected * 0.24 : -expected * 0.06;
  const weekday = expected * ((WEEKDAY_FACTOR[weekdayOf(date) - 1] ?? 1) - 0.97);
  const season = expected * ((MONTH_FACTOR[monthOf(date) - 1] ?? 1) - 1);
  const [holidays, trend, competition] = [expected * 0.012, -expected * 0.021, -expected * 0.008];
  const level = expected - promotion - weekday - season - holidays - trend - competition;
  return { level, weekday, promotion, season, holidays, trend, competition };
}

function calendar(date: Day) {
  const weekday = weekdayOf(date);
  const number = toDayNumber(date);
  const month = monthOf(date);
  return {
    date,
    weekday,
    season: MONTH_FACTOR[month - 1] ?? 1,
    promo: weekday <= 5 && Math.floor((number + 3) / 7) % 2 === 0,
    holiday: PUBLIC_HOLIDAYS.has(date.slice(5)),
    school: month === 8 || (month === 7 && date.slice(8) > "25"),
  };
}

/** A number in [0, 1) that depends on two whole numbers only. */
function noise(a: number, b: number): number {
  let x = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x632be5, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 4294967296;
}
