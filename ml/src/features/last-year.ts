import type { DayFeature } from "./feature.ts";
import { meanResidual, type OriginView, residualOn } from "./origin-view.ts";

/** Weekday aligned. */
const YEAR_DAYS = 364;

/** What the store sold a year before the target day: the day, its promotion and school holiday, one and three weeks. */
export const lastYear: DayFeature = {
  scope: "day",
  names: [
    "last_year",
    "last_year_promo",
    "last_year_school",
    "last_year_week",
    "last_year_3weeks",
    "two_years_3weeks",
  ],
  compute(view, store, t, out, at) {
    const past = t - YEAR_DAYS;
    const cell = store * view.panel.calendarDays + past;
    out[at] = residualOn(view, store, past);
    out[at + 1] = past >= 0 ? view.panel.promo[cell] : NaN;
    out[at + 2] = past >= 0 ? view.panel.schoolHoliday[cell] : NaN;
    out[at + 3] = meanResidual(view, store, past - 3, past + 3);
    out[at + 4] = meanResidual(view, store, past - 10, past + 10);
    out[at + 5] = meanResidual(view, store, past - YEAR_DAYS - 10, past - YEAR_DAYS + 10);
  },
};

/** The same week and day of last year over the chain, the store's region and its type. */
export const lastYearOfGroup: DayFeature = {
  scope: "day",
  names: ["last_year_chain_week", "last_year_region_week", "last_year_type_week", "last_year_chain_day"],
  compute(view, store, t, out, at) {
    const means = groupMeans(view, t);
    out[at] = means.chainWeek;
    out[at + 1] = means.regionWeek[view.region[store]];
    out[at + 2] = means.typeWeek[view.type[store]];
    out[at + 3] = means.chainDay;
  },
};

interface GroupMeans {
  chainWeek: number;
  regionWeek: Float64Array;
  typeWeek: Float64Array;
  chainDay: number;
}

/** Means over stores are the same for every store of an origin: they are worked out once per target day. */
const known = new WeakMap<object, Map<number, GroupMeans>>();

function groupMeans(view: OriginView, t: number): GroupMeans {
  let ofView = known.get(view.history);
  if (ofView === undefined) {
    ofView = new Map();
    known.set(view.history, ofView);
  }
  let means = ofView.get(t);
  if (means === undefined) {
    means = computeGroupMeans(view, t - YEAR_DAYS);
    ofView.set(t, means);
  }
  return means;
}

function computeGroupMeans(view: OriginView, past: number): GroupMeans {
  const region = new Float64Array(view.regions);
  const regionCount = new Int32Array(view.regions);
  const type = new Float64Array(view.types);
  const typeCount = new Int32Array(view.types);
  let week = 0;
  let weekCount = 0;
  let day = 0;
  let dayCount = 0;
  for (let s = 0; s < view.region.length; s++) {
    const mean = meanResidual(view, s, past - 3, past + 3);
    if (!Number.isNaN(mean)) {
      week += mean;
      weekCount++;
      region[view.region[s]] += mean;
      regionCount[view.region[s]]++;
      type[view.type[s]] += mean;
      typeCount[view.type[s]]++;
    }
    const value = residualOn(view, s, past);
    if (!Number.isNaN(value)) {
      day += value;
      dayCount++;
    }
  }
  return {
    chainWeek: weekCount === 0 ? NaN : week / weekCount,
    regionWeek: region.map((sum, r) => (regionCount[r] === 0 ? NaN : sum / regionCount[r])),
    typeWeek: type.map((sum, k) => (typeCount[k] === 0 ? NaN : sum / typeCount[k])),
    chainDay: dayCount === 0 ? NaN : day / dayCount,
  };
}
