import { type Logger, messageOf, type Random } from "@rossmann/core";
import {
  type CircuitSettings,
  type ClaimedDelivery,
  claimDeliveries,
  type Db,
  type DeliveryEnd,
  type Quota,
  releaseDeliveries,
} from "@rossmann/warehouse";
import { deliveriesInFlight } from "../metrics/process-metrics.ts";
import { DEFAULT_CIRCUIT, retryDelayMs } from "./backoff.ts";
import { createBell } from "./bell.ts";
import type { Channel } from "./channels.ts";
import { type CompletionWriter, createCompletionWriter } from "./completion-writer.ts";
import type { DeliveryResult, Postman } from "./deliver.ts";
import { composeMessage, type EventMessage } from "./message.ts";

export interface DispatcherParts {
  db: Db;
  ownerId: string;
  /** the channels that are switched on now */
  channels: () => Promise<readonly Channel[]>;
  postman: Postman;
  random: Random;
  logger: Logger;
  /** notifications claimed at once; default 50 */
  batchSize?: number;
  /** how long a claim lasts beyond the slowest channel's timeout; default 30 s */
  leaseMs?: number;
  circuit?: CircuitSettings;
}

/** What one round over the outbox did. */
export interface DispatchReport {
  processed: number;
  sent: number;
  retrying: number;
  dead: number;
  /** attempts of processes that died, ended in the ledger */
  abandoned: number;
}

export interface Dispatcher {
  /**
   * Deliver what is due until nothing is left, `limit` is reached or the signal says stop. Deliveries under way are finished.
   * Any number of rounds may run at once, in one process or in many.
   */
  drain(options?: { limit?: number; signal?: AbortSignal }): Promise<DispatchReport>;
}

const DAY_MS = 86_400_000;
export const CIRCUIT_SETTINGS: CircuitSettings = { ...DEFAULT_CIRCUIT, disableAfterMs: 5 * DAY_MS };

const DEFAULT_LEASE_MS = 30_000;
const TRUST_MARGIN_MS = 1_000;
/** Work that may wait in this process per channel, as time: it refills free places without asking the database each time. */
const READ_AHEAD_MS = 400;
const SLOW_START_MS = 200;
/** While a slow receiver is being waited for, the others' new notifications are looked for this often. */
const POLL_MS = 50;
const SUCCESS_EXCERPT = 500;

/** One channel during one round. */
interface Lane {
  channel: Channel;
  waiting: { delivery: ClaimedDelivery; trustedUntil: number }[];
  active: number;
}

/**
 * The postman's rounds: claim, hand over, write down. Each channel has a lane of its own with a bounded number of deliveries under way,
 * so that a slow receiver takes up only its own places.
 */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { db, ownerId, postman, random, logger } = parts;
  const batchSize = parts.batchSize ?? 50;
  const circuit = parts.circuit ?? CIRCUIT_SETTINGS;
  /** moving average of what a delivery takes, by channel */
  const usualMs = new Map<string, number>();
  let turn = 0;

  return {
    async drain({ limit = Number.POSITIVE_INFINITY, signal } = {}) {
      const report: DispatchReport = { processed: 0, sent: 0, retrying: 0, dead: 0, abandoned: 0 };
      const changed = createBell();
      const writer = createCompletionWriter({ db, ownerId, circuit, logger }, report, changed.ring);
      const lanes = new Map<string, Lane>();
      const isBusy = () => [...lanes.values()].some((lane) => lane.active > 0 || lane.waiting.length > 0);
      let left = limit;
      try {
        while (signal?.aborted !== true) {
          openLanes(lanes, await parts.channels());
          const claimed = left <= 0 ? 0 : await claimInto(lanes, quotasOf(lanes), left, report);
          left -= claimed;
          for (const lane of lanes.values()) fillPlaces(lane, writer, changed.ring);
          if (isBusy()) await changed.wait(POLL_MS);
          // What was just written may have let the next of its group go.
          else if (claimed === 0 && (!(await writer.settle()) || left <= 0)) break;
        }
      } finally {
        const unsent = [...lanes.values()].flatMap((lane) => lane.waiting.splice(0));
        await giveBack(unsent.map(({ delivery }) => delivery.id));
        while (isBusy()) await changed.wait(POLL_MS);
        await writer.settle();
      }
      return report;
    },
  };

  /** Lanes of the present channels; one whose channel is gone finishes what it has. */
  function openLanes(lanes: Map<string, Lane>, channels: readonly Channel[]): void {
    const present = new Set(channels.map(({ id }) => id));
    for (const [id, lane] of lanes)
      if (!present.has(id) && lane.active === 0 && lane.waiting.length === 0) lanes.delete(id);
    for (const channel of channels) {
      const lane = lanes.get(channel.id);
      if (lane === undefined) lanes.set(channel.id, { channel, waiting: [], active: 0 });
      else lane.channel = channel;
    }
  }

  /** The free places of each lane, and as much beyond as its receiver works off in a moment; every lane gets its share. */
  function quotasOf(lanes: ReadonlyMap<string, Lane>): Quota[] {
    const share = Math.max(Math.floor(batchSize / Math.max(lanes.size, 1)), 1);
    const quotas: Quota[] = [];
    for (const { channel, waiting, active } of lanes.values()) {
      const usual = usualMs.get(channel.id) ?? SLOW_START_MS;
      const readAhead = Math.min(
        Math.floor((channel.concurrency * READ_AHEAD_MS) / Math.max(usual, 1)),
        batchSize,
      );
      // A lane with work enough is left alone until half of it is done: one claim for many instead of many claims.
      if (waiting.length > readAhead / 2) continue;
      const limit = Math.min(channel.concurrency + readAhead - active - waiting.length, share);
      if (limit > 0) quotas.push({ channelTarget: channel.id, limit });
    }
    // The first of them gets what is left when the round's limit is smaller than the sum: another one each time.
    turn = quotas.length === 0 ? 0 : (turn + 1) % quotas.length;
    return [...quotas.slice(turn), ...quotas.slice(0, turn)];
  }

  async function claimInto(
    lanes: ReadonlyMap<string, Lane>,
    quotas: Quota[],
    limit: number,
    report: DispatchReport,
  ): Promise<number> {
    if (quotas.length === 0) return 0;
    const slowestMs = Math.max(...[...lanes.values()].map(({ channel }) => channel.timeoutMs));
    const leaseMs = (parts.leaseMs ?? DEFAULT_LEASE_MS) + slowestMs;
    const claimedAt = performance.now();
    const claim = await claimDeliveries(db, {
      ownerId,
      leaseMs,
      quotas,
      limit: Math.min(limit, batchSize),
      opensAfter: circuit.opensAfter,
      compose: (eventId, groupKey, events) =>
        JSON.stringify(composeMessage(eventId, groupKey, events as EventMessage[])),
    });
    report.abandoned += claim.abandoned;
    for (const delivery of claim.deliveries) {
      const lane = lanes.get(delivery.channelTarget)!;
      // Whoever begins later than this might still be sending when somebody else takes over.
      lane.waiting.push({
        delivery,
        trustedUntil: claimedAt + leaseMs - lane.channel.timeoutMs - TRUST_MARGIN_MS,
      });
    }
    return claim.deliveries.length;
  }

  function fillPlaces(lane: Lane, writer: CompletionWriter, ring: () => void): void {
    while (lane.active < lane.channel.concurrency && lane.waiting.length > 0) {
      const { delivery, trustedUntil } = lane.waiting.shift()!;
      if (performance.now() > trustedUntil) {
        void giveBack([delivery.id]);
        continue;
      }
      setActive(lane, +1);
      void handOver(lane.channel, delivery)
        .then(writer.add)
        .finally(() => {
          setActive(lane, -1);
          fillPlaces(lane, writer, ring);
          ring();
        });
    }
  }

  async function handOver(channel: Channel, delivery: ClaimedDelivery): Promise<DeliveryEnd> {
    const startedAt = performance.now();
    const result = await postman.deliver(channel, delivery);
    const durationMs = performance.now() - startedAt;
    usualMs.set(channel.id, 0.8 * (usualMs.get(channel.id) ?? SLOW_START_MS) + 0.2 * durationMs);
    return endOf(channel, delivery, result, Math.round(durationMs), random);
  }

  async function giveBack(ids: string[]): Promise<void> {
    try {
      await releaseDeliveries(db, ownerId, ids);
    } catch (error) {
      logger.warn(
        { reason: messageOf(error) },
        "claimed deliveries could not be given back; their leases run out",
      );
    }
  }
}

function setActive(lane: Lane, change: 1 | -1): void {
  lane.active += change;
  deliveriesInFlight.inc({ channel_target: lane.channel.id }, change);
}

/** What becomes of a notification after an attempt. */
export function endOf(
  channel: Channel,
  delivery: Pick<ClaimedDelivery, "id" | "attemptId" | "attempt">,
  result: DeliveryResult,
  durationMs: number,
  random: Random,
): DeliveryEnd {
  const failed = {
    attempt: delivery.attempt,
    isOverload: result.isOverload,
    retryAfterMs: result.retryAfterMs,
  };
  const delayMs = result.delivered || result.isGone ? null : retryDelayMs(channel.scheduleMs, failed, random);
  return {
    id: delivery.id,
    attemptId: delivery.attemptId,
    attempt: delivery.attempt,
    channelTarget: channel.id,
    status: result.delivered ? "SENT" : delayMs === null ? "DEAD" : "RETRYING",
    delayMs: delayMs ?? 0,
    maxAttempts: channel.scheduleMs.length + 1,
    durationMs,
    httpStatus: result.httpStatus,
    errorCode: result.errorCode,
    errorMessage: result.errorMessage,
    // What a receiver says when all is well is seldom read: less of it is kept.
    responseExcerpt: result.delivered
      ? (result.responseExcerpt?.slice(0, SUCCESS_EXCERPT) ?? null)
      : result.responseExcerpt,
  };
}
