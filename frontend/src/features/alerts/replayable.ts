import type { OutboxItemAnswer } from "../../lib/api-types.ts";

const REACHES_BACK_MS = 14 * 86_400_000;

/** Of what was given up, what one request would send again: not sent again yet, and young enough to be news. */
export const replayable = (items: readonly OutboxItemAnswer[], now: number): OutboxItemAnswer[] =>
  items.filter(
    (item) =>
      item.status === "DEAD" &&
      item.replayed_as_id === null &&
      now - Date.parse(item.created_at) < REACHES_BACK_MS,
  );
