import { Button } from "@mantine/core";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Badge } from "../../../components/badge.tsx";
import { Choice } from "../../../components/choice.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { LazyTable } from "../../../components/lazy-table.tsx";
import type { TableColumn } from "../../../components/table-column.ts";
import type { NotificationStats, OutboxItemAnswer } from "../../../lib/api-types.ts";
import { duration } from "../../../lib/duration.ts";
import { ago, count, instant, MISSING, percent } from "../../../lib/format.ts";
import { useDeliveryStats, useEndpoints, useOutbox } from "../api/notifications.ts";
import { alertParams } from "../params.ts";
import { useRights } from "../use-rights.ts";
import { DELIVERY, eventName } from "../words.ts";
import { ActButton } from "./act-button.tsx";
import classes from "./alerts.module.css";
import { Answered } from "./answered.tsx";
import { DeliveryDetail } from "./delivery-detail.tsx";
import { More } from "./more.tsx";
import { ReplayDeadDialog } from "./replay-dead-dialog.tsx";

const COLUMNS: TableColumn<OutboxItemAnswer>[] = [
  {
    key: "created_at",
    header: "Told",
    width: 170,
    value: (item) => item.created_at,
    text: (item) => instant(item.created_at),
  },
  {
    key: "status",
    header: "State",
    width: 130,
    value: (item) => item.status,
    cell: (item) => (
      <Badge tone={DELIVERY[item.status]?.tone}>
        {item.is_being_sent ? "Under way" : (DELIVERY[item.status]?.word ?? item.status)}
      </Badge>
    ),
  },
  { key: "event_type", header: "What", width: 90, value: (item) => eventName(item.event_type) },
  { key: "alert_id", header: "Alert", width: 240, value: (item) => item.alert_id },
  { key: "channel_target", header: "Endpoint", width: 140, value: (item) => item.channel_target },
  {
    key: "attempt_count",
    header: "Attempts",
    align: "right",
    width: 100,
    value: (item) => item.attempt_count,
  },
  {
    key: "last_http_status",
    header: "Answer",
    width: 190,
    value: (item) => item.last_http_status ?? item.last_error_code,
    text: (item) =>
      [item.last_http_status, item.last_error_code].filter((part) => part !== null).join(" ") || MISSING,
  },
  {
    key: "next_retry_at",
    header: "Next try",
    width: 120,
    value: (item) => (isWaiting(item) ? item.next_retry_at : null),
    text: (item) => (isWaiting(item) ? ago(item.next_retry_at) : MISSING),
  },
];

const isWaiting = ({ status }: OutboxItemAnswer): boolean => status === "PENDING" || status === "RETRYING";

/** The ledger of deliveries: what was told to whom, whether it arrived, and sending again what did not. */
export function DeliveriesTab() {
  const [params, setParams] = useQueryStates(alertParams);
  const [isReplaying, setReplaying] = useState(false);
  const outbox = useOutbox({ status: params.delivery, channel_target: params.channel });
  const endpoints = useEndpoints();
  const stats = useDeliveryStats();
  const { administer } = useRights();
  const isFiltered = params.delivery !== null || params.channel !== null;
  const channels = [
    ...new Set([
      ...(endpoints.data?.items ?? []).map(({ id }) => id),
      ...(params.channel === null ? [] : [params.channel]),
    ]),
  ];
  return (
    <>
      {stats.data && <Figures stats={stats.data} />}
      <search className={classes.filters} aria-label="Deliveries">
        <Choice
          label="State"
          width={150}
          value={params.delivery ?? ""}
          options={[
            { value: "", name: "Any state" },
            ...(["PENDING", "RETRYING", "SENT", "DEAD"] as const).map((value) => ({
              value,
              name: DELIVERY[value]?.word ?? value,
            })),
          ]}
          onChange={(delivery) => void setParams({ delivery: delivery === "" ? null : delivery, item: null })}
        />
        <Choice
          label="Endpoint"
          width={190}
          value={params.channel ?? ""}
          options={[
            { value: "", name: "Every endpoint" },
            ...channels.map((value) => ({ value, name: value })),
          ]}
          onChange={(channel) => void setParams({ channel: channel || null, item: null })}
        />
        <ActButton right={administer} onClick={() => setReplaying(true)}>
          Send what was given up again…
        </ActButton>
      </search>
      <Answered what="The deliveries" query={outbox}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <EmptyState
                kind={isFiltered ? "no-match" : "not-computed"}
                title={isFiltered ? "No notification is like that" : "Nobody has been told anything yet"}
                action={
                  isFiltered && (
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => void setParams({ delivery: null, channel: null })}
                    >
                      Show all
                    </Button>
                  )
                }
              />
            );
          const chosen = items.find(({ id }) => id === params.item);
          return (
            <>
              {params.item !== null && (
                <DeliveryDetail
                  key={params.item}
                  id={params.item}
                  item={chosen ?? null}
                  onClose={() => void setParams({ item: null })}
                />
              )}
              <LazyTable
                label="Notifications"
                columns={COLUMNS}
                rows={items}
                rowKey={({ id }) => id}
                maxHeight={480}
                onRowClick={({ id }) => void setParams({ item: id })}
                isSelected={({ id }) => id === params.item}
              />
              <More query={outbox} />
            </>
          );
        }}
      </Answered>
      {isReplaying && <ReplayDeadDialog channel={params.channel} onClose={() => setReplaying(false)} />}
    </>
  );
}

function Figures({ stats }: { stats: NotificationStats }) {
  const ended = stats.sent_count + stats.dead_count;
  const figures: [string, string][] = [
    ["Arrived, of what ended within 30 days", ended === 0 ? MISSING : percent(stats.success_rate)],
    ["Given up", count(stats.dead_count)],
    ["Waiting now", count(stats.pending_count)],
    [
      "Oldest of them waits",
      stats.oldest_pending_age_seconds === null ? MISSING : duration(stats.oldest_pending_age_seconds * 1000),
    ],
    [
      "19 of 20 answered within",
      stats.p95_delivery_latency_ms === null ? MISSING : `${count(stats.p95_delivery_latency_ms)} ms`,
    ],
  ];
  return (
    <dl className={classes.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
