import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, messageOf } from "@rossmann/core";
import {
  appendAudit,
  type CircuitSettings,
  completeDeliveries,
  type Db,
  type DeliveryEnd,
} from "@rossmann/warehouse";
import { lateCompletions } from "../metrics/process-metrics.ts";
import type { DispatchReport } from "./dispatcher.ts";

export interface CompletionWriter {
  add(end: DeliveryEnd): void;
  /** waits until everything is written; true when anything was written since it was asked last */
  settle(): Promise<boolean>;
}

const RETRY_MS = [100, 250, 500, 1_000, 2_000];
const PATIENCE_MS = 300_000;

/**
 * Writes the ends of deliveries, those that gather while one statement runs together in the next. While the database is away it
 * keeps them and tries again; what it cannot write for five minutes is made again by whoever claims it, under the same event id.
 */
export function createCompletionWriter(
  parts: { db: Db; ownerId: string; circuit: CircuitSettings; logger: Logger },
  report: DispatchReport,
  onWritten: () => void,
): CompletionWriter {
  const { db, ownerId, circuit, logger } = parts;
  let pending: DeliveryEnd[] = [];
  let writing: Promise<void> | null = null;
  let hasWritten = false;

  const writeAll = async () => {
    while (pending.length > 0) {
      const ends = pending;
      pending = [];
      await writePatiently(ends);
      hasWritten = true;
    }
  };
  const start = () => {
    writing ??= writeAll().finally(() => {
      writing = null;
      onWritten();
    });
    return writing;
  };

  return {
    add(end) {
      pending.push(end);
      void start();
    },
    async settle() {
      while (writing !== null || pending.length > 0) await start();
      const answer = hasWritten;
      hasWritten = false;
      return answer;
    },
  };

  async function writePatiently(ends: DeliveryEnd[]): Promise<void> {
    const since = performance.now();
    for (let round = 0; ; round++) {
      try {
        return await write(ends);
      } catch (error) {
        logger.warn(
          { reason: messageOf(error), deliveries: ends.length },
          "the ends of deliveries could not be written yet",
        );
        if (performance.now() - since > PATIENCE_MS) return;
        await sleep(RETRY_MS[Math.min(round, RETRY_MS.length - 1)]);
      }
    }
  }

  async function write(ends: DeliveryEnd[]): Promise<void> {
    const { accepted, disabled } = await completeDeliveries(db, ownerId, ends, circuit);
    for (const end of ends) {
      if (accepted.has(end.id)) count(end);
      else {
        lateCompletions.inc();
        logger.warn(
          { outboxItemId: end.id, attemptId: end.attemptId },
          "a delivery ended after its lease was taken over",
        );
      }
    }
    for (const { channelTarget, reason } of disabled) {
      logger.error(
        { channelTarget, reason },
        "an endpoint was disabled; its notifications wait until it is enabled again",
      );
      const entry = {
        alertId: `endpoint:${channelTarget}`,
        eventType: "ENDPOINT_DISABLED",
        actor: "system:dispatcher",
      };
      await appendAudit(db, [{ ...entry, payload: { reason } }]);
    }
  }

  function count(end: DeliveryEnd): void {
    report.processed++;
    if (end.status === "SENT") report.sent++;
    else if (end.status === "RETRYING") report.retrying++;
    else report.dead++;
    logger.debug(
      {
        kind: "preflight_notification_delivery",
        status: end.status,
        outboxItemId: end.id,
        attemptId: end.attemptId,
        channelTarget: end.channelTarget,
        attempt: end.attempt,
        httpStatus: end.httpStatus,
        errorCode: end.errorCode,
      },
      "a delivery ended",
    );
  }
}
