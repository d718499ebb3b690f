import { KpiCard, KpiCardSkeleton } from "../../../components/kpi-card.tsx";
import type { ModelVersionItem } from "../../../lib/api-types.ts";
import { ago, day, instant, percent, percentSigned, percentWhole, plural } from "../../../lib/format.ts";
import { modelName } from "../../../lib/model-name.ts";
import type { ModelScore } from "../leaderboard.ts";
import classes from "./model-intelligence.module.css";

export const SERVING_CARDS = [
  "Serves now",
  "Off by (WAPE)",
  "Off by per day (RMSPE)",
  "Leans",
  "Inside the 80% interval",
];

interface ServingCardsProps {
  champion: ModelVersionItem;
  /** Its scores; undefined when its training measured none. */
  score: ModelScore | undefined;
  naive: ModelScore | undefined;
  isPending: boolean;
}

/** The model that serves, and its four figures. */
export function ServingCards({ champion, score, naive, isPending }: ServingCardsProps) {
  if (isPending)
    return (
      <div className={classes.cards}>
        {SERVING_CARDS.map((name) => (
          <KpiCardSkeleton key={name} name={name} />
        ))}
      </div>
    );
  const name = modelName(champion.model_type);
  const against = (value: number | null | undefined) =>
    champion.model_type === naive?.model ? "the naive rule itself" : `naive rule: ${percent(value)}`;
  const bias = score?.bias ?? null;
  const covered = score?.coverage80 ?? null;
  return (
    <div className={classes.cards}>
      <KpiCard
        name="Serves now"
        definition={`The version that answers every forecast. Learned to ${day(champion.trained_to)}, registered ${instant(champion.created_at)}.`}
        value={`Version ${champion.version}`}
        hint={`${name[0]?.toUpperCase()}${name.slice(1)}, ${ago(champion.created_at)}`}
      />
      <KpiCard
        name="Off by (WAPE)"
        definition="The sum of all errors against the sum of sales, mean over the starting points of the backtest."
        value={percent(score?.wape)}
        hint={against(naive?.wape)}
      />
      <KpiCard
        name="Off by per day (RMSPE)"
        definition="Root of the mean squared error in percent of a store's day, mean over the starting points. Large misses count more."
        value={percent(score?.rmspe)}
        hint={against(naive?.rmspe)}
      />
      <KpiCard
        name="Leans"
        definition="Bias: the sum of forecasts against the sum of sales. Plus is too much, minus too little."
        value={percentSigned(bias)}
        hint={
          bias === null
            ? "not measured"
            : Math.abs(bias) < 0.01
              ? "close to even"
              : bias > 0
                ? "forecasts too much"
                : "forecasts too little"
        }
      />
      <KpiCard
        name="Inside the 80% interval"
        definition="Share of tested days whose sales fell inside the 80% interval. It should be 80%."
        value={percentWhole(covered)}
        hint={
          score === undefined ? "not measured" : `of days from ${plural(score.origins, "starting point")}`
        }
      />
    </div>
  );
}
