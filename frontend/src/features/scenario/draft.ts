import type { NamedScenario } from "../../lib/api-types.ts";
import { percentSigned } from "../../lib/format.ts";

export const PROMO_MODES = ["as_is", "always_on", "weekends_only", "off"] as const;
export const SCHOOL_MODES = ["as_is", "always_on", "off"] as const;
export type PromoMode = (typeof PROMO_MODES)[number];
export type SchoolMode = (typeof SCHOOL_MODES)[number];

/** One day of the plan, written anew for a scenario: open, promotion, school holidays; null leaves it as it is. */
export interface DayChange {
  date: string;
  open: 0 | 1 | null;
  promo: 0 | 1 | null;
  school: 0 | 1 | null;
}

/** What a scenario changes, as the page edits it and the address keeps it. */
export interface Draft {
  /** Empty: named after what it changes. */
  name: string;
  promo: PromoMode;
  /** false closes Saturdays and Sundays. */
  weekendOpen: boolean;
  school: SchoolMode;
  /** Percent, -50 to 50. */
  demand: number;
  /** Percent, -30 to 30. */
  price: number;
  /** Percent of volume lost for each percent of price; null = what the server assumes. */
  elasticity: number | null;
  days: readonly DayChange[];
}

export const DEMAND_LIMIT = 50;
export const PRICE_LIMIT = 30;
export const LARGEST_ELASTICITY = 10;
export const MOST_SCENARIOS = 3;
const LONGEST_NAME = 60;

/** Changes nothing. */
export const UNCHANGED: Draft = {
  name: "",
  promo: "as_is",
  weekendOpen: true,
  school: "as_is",
  demand: 0,
  price: 0,
  elasticity: null,
  days: [],
};

/** Shown before anything is chosen: a question that every planner has asked. */
export const FIRST: Draft = { ...UNCHANGED, promo: "always_on" };

export const PROMO_NAMES: Record<PromoMode, string> = {
  as_is: "As planned",
  always_on: "Every open day",
  weekends_only: "Weekends only",
  off: "None",
};

export const SCHOOL_NAMES: Record<SchoolMode, string> = {
  as_is: "As planned",
  always_on: "Every day",
  off: "None",
};

/** The scenario's name: its own, or what it changes in a few words. */
export function draftName(draft: Draft): string {
  if (draft.name !== "") return draft.name;
  const changes = [
    { always_on: "promotion every day", weekends_only: "promotion at weekends only", off: "no promotion" }[
      draft.promo as string
    ],
    draft.weekendOpen ? undefined : "closed at weekends",
    { always_on: "school holidays every day", off: "no school holidays" }[draft.school as string],
    draft.demand === 0 ? undefined : `demand ${percentSigned(draft.demand / 100)}`,
    draft.price === 0 ? undefined : `price ${percentSigned(draft.price / 100)}`,
    draft.days.length === 0
      ? undefined
      : `${draft.days.length} ${draft.days.length === 1 ? "day" : "days"} replanned`,
  ].filter((change) => change !== undefined);
  const text = changes.join(", ").replaceAll(".0%", "%");
  return text === "" ? "As planned" : text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names of several scenarios, told apart where two would be the same. */
export function draftNames(drafts: readonly Draft[]): string[] {
  const seen = new Map<string, number>();
  return drafts.map((draft) => {
    const name = draftName(draft);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** A scenario as the API takes it. */
export const toNamedScenario = (draft: Draft, name: string): NamedScenario => ({
  name,
  promo_mode: draft.promo,
  weekend_open: draft.weekendOpen,
  school_holiday_mode: draft.school,
  demand_shift_pct: draft.demand,
  price_change_pct: draft.price,
  ...(draft.elasticity === null ? {} : { price_elasticity: draft.elasticity }),
  calendar_changes: draft.days.map(({ date, open, promo, school }) => ({
    date,
    ...(open === null ? {} : { open }),
    ...(promo === null ? {} : { promo }),
    ...(school === null ? {} : { school_holiday: school }),
  })),
});

/** A scenario of the API as the page edits it; what the page has no control for is brought to the nearest it has. */
export function fromNamedScenario(scenario: NamedScenario): Draft {
  const draft: Draft = {
    ...UNCHANGED,
    promo: PROMO_MODES.find((mode) => mode === scenario.promo_mode) ?? "as_is",
    weekendOpen: scenario.weekend_open === undefined || scenario.weekend_open === true,
    school:
      SCHOOL_MODES.find((mode) => mode === scenario.school_holiday_mode) ??
      (Number(scenario.school_holiday ?? 0) === 1 ? "always_on" : "as_is"),
    demand: within(Number(scenario.demand_shift_pct ?? 0), DEMAND_LIMIT),
    price: within(Number(scenario.price_change_pct ?? 0), PRICE_LIMIT),
    elasticity: scenario.price_elasticity == null ? null : Number(scenario.price_elasticity),
    days: (scenario.calendar_changes ?? []).map((change) => ({
      date: String(change.date),
      open: cell(change.open),
      promo: cell(change.promo),
      school: cell(change.school_holiday),
    })),
  };
  // A name that only says what is changed goes on doing so when the change is changed.
  return scenario.name === draftName(draft) ? draft : { ...draft, name: cleanName(scenario.name) };
}

const within = (value: number, limit: number) => Math.round(Math.min(limit, Math.max(-limit, value)));
const cell = (value: unknown): 0 | 1 | null => (value == null ? null : Number(value) === 1 ? 1 : 0);

/** A name that fits into the address: no separator, not endless. */
export const cleanName = (name: string): string => name.replaceAll("*", "").trim().slice(0, LONGEST_NAME);
