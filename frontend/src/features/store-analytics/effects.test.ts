import { expect, test } from "vitest";
import { fakeChain } from "../../../test/fake-chain.ts";
import type { StoreSalesPoint } from "../../lib/api-types.ts";
import { addDays, weekdayOf } from "../../lib/days.ts";
import { effectDays, promoLift, schoolHolidayEffect } from "./effects.ts";

const point = (date: string, sales: number, more: Partial<StoreSalesPoint> = {}): StoreSalesPoint => ({
  date,
  store_id: 1,
  sales,
  customers: 1,
  partial: false,
  promo: 0,
  open: 1,
  state_holiday: "0",
  school_holiday: 0,
  ...more,
});

test("the promo lift is the ratio of mean open working days, closed days and weekends left out", () => {
  // Mon 6 – Sun 12 July 2015: promotion Mon and Tue.
  const days = [150, 150, 100, 90, 110, 40, 0].map((sales, i) =>
    point(addDays("2015-07-06", i), sales, { promo: i < 2 ? 1 : 0, open: i === 6 ? 0 : 1 }),
  );
  const lift = promoLift(effectDays(days));
  expect(lift).toMatchObject({ days: 2 });
  expect(lift?.ratio).toBeCloseTo(0.5, 12);
  expect(lift?.lower).toBeLessThan(0.5);
  expect(lift?.upper).toBeGreaterThan(0.5);
});

test("without days of both kinds there is no effect, and none is not 0", () => {
  expect(promoLift(effectDays([]))).toBeNull();
  expect(
    promoLift(effectDays([point("2015-07-06", 100, { promo: 1 }), point("2015-07-07", 100, { promo: 1 })])),
  ).toBeNull();
});

test("a holiday effect compares like with like: a promotion in the holidays does not pass for an effect of them", () => {
  // Promotions double sales; half of them fall into the holidays, which themselves do nothing.
  const days = Array.from({ length: 140 }, (_, i) => {
    const date = addDays("2015-01-05", i);
    const promo = Math.floor(i / 7) % 2;
    const school = i >= 70 ? 1 : 0;
    return point(date, promo ? 200 : 100, {
      promo,
      school_holiday: school,
      open: weekdayOf(date) === 7 ? 0 : 1,
    });
  }).filter((entry, i) => i < 70 || entry.promo === 1 || i % 3 === 0);
  expect(schoolHolidayEffect(effectDays(days))?.ratio).toBeCloseTo(0, 12);
});

test("the chain's effect is per open store: days with few stores open are not small days", () => {
  const chain = fakeChain(40);
  const lift = promoLift(effectDays(chain.chainDays(chain.from, chain.to)));
  expect(lift?.ratio).toBeGreaterThan(0.3);
  expect(lift?.ratio).toBeLessThan(0.45);
});
