import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, messageOf } from "@rossmann/core";
import { type Db, type LiveMarks, readLiveMarks } from "@rossmann/warehouse";

/** What has changed since the last word; pages ask for what they show of it. */
export type LiveTopic = keyof LiveMarks;

export interface LiveFeed {
  /**
   * Hear of changes, by whatever process they are made, until the signal aborts or the feed is closed. An empty list says that
   * nothing has changed for `breathMs`. While nobody listens nothing is looked for.
   */
  listen(signal: AbortSignal, breathMs: number): AsyncGenerator<LiveTopic[]>;
  close(): void;
}

const LOOK_MS = 1_000;

/** One look at the database a second for all listeners of this process together. */
export function createLiveFeed(db: Db, logger: Logger, lookMs: number = LOOK_MS): LiveFeed {
  const listeners = new Set<(topics: LiveTopic[]) => void>();
  const closed = new AbortController();
  let looking = false;

  async function look(): Promise<void> {
    let last: LiveMarks | null = null;
    while (listeners.size > 0 && !closed.signal.aborted) {
      try {
        const now = await readLiveMarks(db);
        const topics = last === null ? [] : changedTopics(last, now);
        last = now;
        if (topics.length > 0) for (const tell of listeners) tell(topics);
      } catch (error) {
        logger.debug({ reason: messageOf(error) }, "could not look for changes of alerts");
      }
      await sleep(lookMs, undefined, { ref: false });
    }
  }
  function startLooking(): void {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
      // Somebody may have come between the last look and now.
      if (listeners.size > 0 && !closed.signal.aborted) startLooking();
    });
  }

  return {
    async *listen(signal, breathMs) {
      const waiting = new Set<LiveTopic>();
      let wake = () => {};
      const tell = (topics: LiveTopic[]) => {
        for (const topic of topics) waiting.add(topic);
        wake();
      };
      const end = AbortSignal.any([signal, closed.signal]);
      end.addEventListener("abort", () => wake(), { once: true });
      listeners.add(tell);
      startLooking();
      try {
        while (!end.aborted) {
          if (waiting.size === 0) {
            const { promise: woken, resolve } = Promise.withResolvers<void>();
            wake = resolve;
            const breath = setTimeout(resolve, breathMs).unref();
            await woken;
            clearTimeout(breath);
            if (end.aborted) break;
          }
          const topics = [...waiting];
          waiting.clear();
          yield topics;
        }
      } finally {
        listeners.delete(tell);
      }
    },
    close: () => closed.abort(),
  };
}

function changedTopics(last: LiveMarks, now: LiveMarks): LiveTopic[] {
  return (Object.keys(now) as LiveTopic[]).filter((topic) => now[topic] !== last[topic]);
}
