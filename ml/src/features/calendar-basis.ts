import { Basis } from "../panel.ts";
import type { DayFeature } from "./feature.ts";

/** Is the target day's calendar known, or projected from the past? A projected promotion is a guess, and worth less. */
export const calendarBasis: DayFeature = {
  scope: "day",
  names: ["calendar_known"],
  compute({ panel }, store, t, out, at) {
    out[at] = panel.basis[store * panel.calendarDays + t] === Basis.projected ? 0 : 1;
  },
};
