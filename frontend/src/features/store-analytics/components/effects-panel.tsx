import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { SalesPoint } from "../../../lib/api-types.ts";
import { percentSigned, plural } from "../../../lib/format.ts";
import { beforeHolidayEffect, type Effect, effectDays, promoLift, schoolHolidayEffect } from "../effects.ts";
import classes from "./effects-panel.module.css";

/** What moves sales: promotion, school holidays, the day before a public holiday, each with its interval. */
export function Effects({ whole, isChain }: { whole: UseQueryResult<SalesPoint[]>; isChain: boolean }) {
  const effects = useMemo(() => {
    const days = effectDays(whole.data ?? []);
    return [
      { name: "Promotion", against: "Mon–Fri", effect: promoLift(days) },
      { name: "School holidays", against: "like for like", effect: schoolHolidayEffect(days) },
      {
        name: "Day before a public holiday",
        against: "like for like",
        effect: beforeHolidayEffect(days),
      },
    ];
  }, [whole.data]);
  const known = effects.flatMap(({ effect }) => (effect === null ? [] : [effect]));
  const low = Math.min(0, ...known.map((effect) => effect.lower));
  const high = Math.max(0.05, ...known.map((effect) => effect.upper));

  return (
    <Panel
      title="What moves it"
      summary={
        isChain
          ? "Sales per open store, against days like it."
          : "Sales of an open day, against days like it."
      }
      isRefreshing={whole.isPlaceholderData}
      foot="Dot: estimate, bar: 95% interval, over the whole history. Like for like: same weekday, same promotion state."
    >
      {whole.isPending && <Skeleton height={180} />}
      {whole.isError && whole.data === undefined && (
        <Failure what="The effects" error={whole.error} onRetry={() => void whole.refetch()} />
      )}
      {whole.data && known.length === 0 && (
        <EmptyState kind="not-computed" title="Too few days to compare">
          An effect needs at least two open days of each kind.
        </EmptyState>
      )}
      {known.length > 0 && (
        <ul className={classes.effects}>
          {effects.map(({ name, against, effect }) => (
            <li key={name}>
              <span className={classes.name}>
                {name}
                <small>
                  {effect === null ? "no such days to compare" : `${plural(effect.days, "day")}, ${against}`}
                </small>
              </span>
              {effect !== null && <Whisker effect={effect} low={low} high={high} />}
              <span className={classes.value}>
                {percentSigned(effect?.ratio)}
                {effect && (
                  <small>
                    {percentSigned(effect.lower)} to {percentSigned(effect.upper)}
                  </small>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Whisker({ effect, low, high }: { effect: Effect; low: number; high: number }) {
  const at = (value: number): string => `${((value - low) / (high - low)) * 100}%`;
  return (
    <span className={classes.whisker} aria-hidden>
      <i className={classes.zero} style={{ left: at(0) }} />
      <i
        className={classes.interval}
        style={{ left: at(effect.lower), width: `calc(${at(effect.upper)} - ${at(effect.lower)})` }}
      />
      <i className={classes.dot} style={{ left: at(effect.ratio) }} />
    </span>
  );
}
