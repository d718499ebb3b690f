const NAMES: Record<string, string> = {
  average: "blended model",
  boosting: "boosting model",
  catboost: "boosting model",
  ridge: "ridge model",
  seasonal_naive: "“same as last season” rule",
  store_weekday_promo_median: "“usual weekday” rule",
};

/** A kind of model in a planner's words; a kind nobody has named yet is shown as it is called. */
export const modelName = (type: string): string => NAMES[type] ?? `${type.replaceAll("_", " ")} model`;
