import {
  appendAudit,
  type Db,
  type OutboxItem,
  replayDeadDeliveries,
  replayDelivery,
} from "@rossmann/warehouse";
import { AlertRequestError } from "../errors.ts";

/**
 * Send a finished notification again, with the same event id and contents. Asking twice gives the same copy.
 *
 * @returns the copy, and whether this call made it
 * @throws {AlertRequestError} `delivery_not_found`, or `delivery_not_finished` while it still waits or is being sent
 */
export async function replayOne(
  db: Db,
  outboxId: string,
  actor: string,
): Promise<{ item: OutboxItem; isNew: boolean }> {
  return db.transaction().execute(async (trx) => {
    const answer = await replayDelivery(trx, outboxId);
    if (answer.kind === "not_found") {
      throw new AlertRequestError(
        "delivery_not_found",
        "not_found",
        `there is no notification ${outboxId} in the outbox`,
      );
    }
    if (answer.kind === "not_finished") {
      throw new AlertRequestError(
        "delivery_not_finished",
        "invalid",
        `notification ${outboxId} is ${answer.status}: only SENT, DEAD and FAILED ones can be replayed`,
      );
    }
    if (answer.isNew) await audit(trx, [answer.item], actor);
    return { item: answer.item, isNew: answer.isNew };
  });
}

/**
 * Replay what was given up and not replayed yet, the newest first; asking again finds nothing more.
 *
 * @param filter `limit` 1–1000; `since` bounds how far back it reaches, 14 days unless said otherwise
 */
export async function replayDead(
  db: Db,
  actor: string,
  filter: { limit: number; channelTarget?: string; since?: Date },
): Promise<OutboxItem[]> {
  const since = filter.since ?? new Date(Date.now() - 14 * 86_400_000);
  return db.transaction().execute(async (trx) => {
    const items = await replayDeadDeliveries(trx, { ...filter, since });
    await audit(trx, items, actor);
    return items;
  });
}

function audit(trx: Db, items: readonly OutboxItem[], actor: string): Promise<void> {
  return appendAudit(
    trx,
    items.map((item) => ({
      alertId: item.alertId,
      eventType: "REPLAYED",
      actor,
      payload: {
        outbox_item_id: item.id,
        replayed_from_id: item.replayedFromId,
        event_id: item.eventId,
        channel_target: item.channelTarget,
      },
    })),
  );
}
