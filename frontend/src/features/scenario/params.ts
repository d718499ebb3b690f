import { createParser, parseAsString, parseAsStringLiteral } from "nuqs";
import { horizonParam } from "../../components/horizon-picker.tsx";
import { levelParam } from "../../components/level-picker.tsx";
import { isDay } from "../../lib/days.ts";
import { parseAsBounded } from "../../lib/url-state.ts";
import { segmentParams } from "../common/segment.ts";
import {
  cleanName,
  type DayChange,
  DEMAND_LIMIT,
  type Draft,
  LARGEST_ELASTICITY,
  MOST_SCENARIOS,
  PRICE_LIMIT,
  PROMO_MODES,
  SCHOOL_MODES,
  UNCHANGED,
} from "./draft.ts";

const SEPARATOR = "*";

/**
 * A scenario in the address: what it changes, `key.value` pairs between stars, such as `promo.off*demand.-10*name.Quiet`.
 * Only signs that an address carries as they are. Anything that cannot be read makes the whole scenario bad: half a
 * scenario is another one.
 */
export const parseAsDraft = createParser<Draft>({
  parse: (text) => {
    const draft: Draft = { ...UNCHANGED };
    for (const pair of text.split(SEPARATOR).filter(Boolean)) {
      const dot = pair.indexOf(".");
      if (dot < 1 || !read(draft, pair.slice(0, dot), pair.slice(dot + 1))) return null;
    }
    return draft;
  },
  serialize: (draft) =>
    [
      draft.promo === "as_is" ? null : `promo.${draft.promo}`,
      draft.weekendOpen ? null : "weekend.closed",
      draft.school === "as_is" ? null : `school.${draft.school}`,
      draft.demand === 0 ? null : `demand.${draft.demand}`,
      draft.price === 0 ? null : `price.${draft.price}`,
      draft.elasticity === null ? null : `elasticity.${draft.elasticity}`,
      draft.days.length === 0 ? null : `days.${draft.days.map(dayText).join("_")}`,
      draft.name === "" ? null : `name.${draft.name}`,
    ]
      .filter((pair) => pair !== null)
      .join(SEPARATOR) || "promo.as_is",
  eq: (a, b) => JSON.stringify(a) === JSON.stringify(b),
});

function read(draft: Draft, key: string, value: string): boolean {
  switch (key) {
    case "promo": {
      const promo = PROMO_MODES.find((mode) => mode === value);
      if (promo) draft.promo = promo;
      return promo !== undefined;
    }
    case "weekend":
      draft.weekendOpen = value === "open";
      return value === "open" || value === "closed";
    case "school": {
      const school = SCHOOL_MODES.find((mode) => mode === value);
      if (school) draft.school = school;
      return school !== undefined;
    }
    case "demand":
      draft.demand = whole(value, DEMAND_LIMIT);
      return Number.isFinite(draft.demand);
    case "price":
      draft.price = whole(value, PRICE_LIMIT);
      return Number.isFinite(draft.price);
    case "elasticity":
      draft.elasticity = /^\d{1,2}(\.\d{1,2})?$/.test(value) ? Number(value) : Number.NaN;
      return draft.elasticity <= LARGEST_ELASTICITY;
    case "days": {
      const days = value.split("_").map(readDay);
      draft.days = days.filter((day) => day !== null);
      return draft.days.length === days.length;
    }
    case "name":
      draft.name = cleanName(value);
      return true;
    default:
      return false;
  }
}

function whole(text: string, limit: number): number {
  const value = /^-?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  return Math.abs(value) <= limit ? value : Number.NaN;
}

/** `20150803o0p1`: on that day closed, with a promotion. */
const dayText = ({ date, open, promo, school }: DayChange): string =>
  `${date.replaceAll("-", "")}${open === null ? "" : `o${open}`}${promo === null ? "" : `p${promo}`}${school === null ? "" : `s${school}`}`;

function readDay(text: string): DayChange | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:o([01]))?(?:p([01]))?(?:s([01]))?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, open, promo, school] = match;
  const flag = (value: string | undefined) => (value === undefined ? null : value === "1" ? 1 : 0);
  const date = `${year}-${month}-${day}`;
  return isDay(date) ? { date, open: flag(open), promo: flag(promo), school: flag(school) } : null;
}

/** What is simulated; the scenarios stand in the address one by one. */
export const labParams = {
  mode: parseAsStringLiteral(["store", "segment"] as const).withDefault("store"),
  ...segmentParams,
  horizon: horizonParam,
  level: levelParam,
  s1: parseAsDraft,
  s2: parseAsDraft,
  s3: parseAsDraft,
  /** Which scenario's figures are shown in full. */
  show: parseAsBounded(1, MOST_SCENARIOS).withDefault(1),
  /** The saved comparison that was opened. */
  saved: parseAsString,
};
