import { useQueryClient } from "@tanstack/react-query";
import { postJson } from "../../../lib/api.ts";
import type { Acknowledgement, ChannelTest, Replay, Silence, SilenceBody } from "../../../lib/api-types.ts";
import { useAction } from "../../../lib/use-action.ts";

const BASE = "/diagnostics/preflight";
/** A receiver may take its time before a test has failed. */
const TEST_LIMIT_MS = 75_000;

function useAlertAction<Input>(act: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useAction(act, () => client.invalidateQueries({ queryKey: ["alerts"] }));
}

const path = (...parts: string[]) => [BASE, ...parts.map(encodeURIComponent)].join("/");

/** Takes an alert on, or back: it is not told again until it has resolved. */
export const useAcknowledge = (alertId: string) =>
  useAlertAction((note: string) =>
    postJson<Acknowledgement>(path("alerts", alertId, "ack"), { note: note.trim() || null }),
  );
export const useUnacknowledge = (alertId: string) =>
  useAlertAction(() => postJson<Acknowledgement>(path("alerts", alertId, "unack"), {}));

/** Asks for quiet. */
export const useSilence = () =>
  useAlertAction((body: SilenceBody) => postJson<Silence>(path("alerts", "silences"), body));
/** Ends a silence before its time. */
export const useExpire = (silenceId: string) =>
  useAlertAction(() => postJson<Silence>(path("alerts", "silences", silenceId, "expire"), {}));

/** Sends a finished notification again; the receiver knows it by its event id. */
export const useReplay = (itemId: string) =>
  useAlertAction(() => postJson<Replay>(path("notifications", "outbox", itemId, "replay"), {}));

/** Sends again what was given up, at most `limit` of it. */
export const useReplayDead = () =>
  useAlertAction(({ channel, limit }: { channel: string | null; limit: number }) =>
    postJson<Replay>(
      path("notifications", "outbox", "replay-dead"),
      {},
      { query: { channel_target: channel, limit } },
    ),
  );

/** Lets notifications go to a disabled endpoint again. */
export const useEnable = (channel: string) =>
  useAlertAction(() => postJson(path("notifications", "endpoints", channel, "enable"), {}));

/** Sends one test message. */
export const useChannelTest = (channel: string, onResult: (result: ChannelTest) => void) =>
  useAlertAction(async () => {
    const { body } = await postJson<ChannelTest>(
      path("notifications", "endpoints", channel, "test"),
      {},
      { timeoutMs: TEST_LIMIT_MS },
    );
    onResult(body);
  });
