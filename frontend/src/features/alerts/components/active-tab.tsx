import { Button } from "@mantine/core";
import { IconBellCheck } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { type KeyboardEvent, lazy, Suspense, useRef, useState } from "react";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Notice } from "../../../components/notice.tsx";
import type { ActiveAlerts, Alert } from "../../../lib/api-types.ts";
import { alertParams } from "../params.ts";
import { useRights } from "../use-rights.ts";
import { isOpen } from "../words.ts";
import { AlertCard } from "./alert-card.tsx";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";

const AcknowledgeDialog = lazy(() => import("./acknowledge-dialog.tsx"));
const SilenceDialog = lazy(() => import("./silence-dialog.tsx"));
const SeverityChoice = lazy(() => import("./severity-choice.tsx"));

type Asking = { what: "acknowledge" | "silence"; alert: Alert } | null;

/** The inbox: what nobody has taken on yet comes first. */
export function ActiveTab({ active }: { active: UseQueryResult<ActiveAlerts> }) {
  const [params, setParams] = useQueryStates(alertParams);
  const [asking, setAsking] = useState<Asking>(null);
  const list = useRef<HTMLUListElement>(null);
  const { operate } = useRights();

  const ask = (what: "acknowledge" | "silence", alert: Alert) => setAsking({ what, alert });
  /** Arrows walk from alert to alert; `a` and `s` ask, Enter in the dialog answers. */
  const onKey = (event: KeyboardEvent, alert: Alert) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const cards = [...(list.current?.querySelectorAll<HTMLElement>("[data-alert]") ?? [])];
    const at = cards.indexOf(event.currentTarget as HTMLElement);
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) cards[at + step]?.focus();
    else if (event.key === "a" && operate.may && !alert.is_acknowledged) ask("acknowledge", alert);
    else if (event.key === "s" && operate.may) ask("silence", alert);
    else return;
    event.preventDefault();
  };

  return (
    <Answered what="The alerts" query={active}>
      {({ items, total_active }) => {
        const shown = items
          .filter((alert) => params.severity === null || alert.severity === params.severity)
          .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)));
        if (total_active === 0)
          return (
            <Notice icon={<IconBellCheck aria-hidden stroke={1.5} />} title="Nothing asks for you">
              No figure is beyond its limit. What was there before is in the history.
            </Notice>
          );
        return (
          <>
            <search className={classes.filters} aria-label="Alerts">
              <Suspense>
                <SeverityChoice
                  value={params.severity}
                  onChange={(severity) => void setParams({ severity })}
                />
              </Suspense>
              <p className={classes.keys}>
                <kbd>↓</kbd> <kbd>↑</kbd> walk, <kbd>a</kbd> takes on, <kbd>s</kbd> asks for quiet
              </p>
            </search>
            {shown.length === 0 ? (
              <EmptyState
                kind="no-match"
                title="No active alert is that severe"
                action={
                  <Button variant="default" size="xs" onClick={() => void setParams({ severity: null })}>
                    Show all {total_active}
                  </Button>
                }
              />
            ) : (
              <ul ref={list} className={classes.cards} aria-label="Active alerts">
                {shown.map((alert, index) => (
                  <AlertCard
                    key={alert.alert_id}
                    alert={alert}
                    isFirst={index === 0}
                    onAcknowledge={() => ask("acknowledge", alert)}
                    onSilence={() => ask("silence", alert)}
                    onKeyDown={(event) => onKey(event, alert)}
                  />
                ))}
              </ul>
            )}
            <Suspense>
              {asking?.what === "acknowledge" && (
                <AcknowledgeDialog alert={asking.alert} onClose={() => setAsking(null)} />
              )}
              {asking?.what === "silence" && (
                <SilenceDialog alert={asking.alert} onClose={() => setAsking(null)} />
              )}
            </Suspense>
          </>
        );
      }}
    </Answered>
  );
}
