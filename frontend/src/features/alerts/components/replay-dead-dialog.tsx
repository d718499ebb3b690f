import { Button } from "@mantine/core";
import { Dialog } from "../../../components/dialog.tsx";
import { DialogFailure } from "../../../components/dialog-failure.tsx";
import parts from "../../../components/dialog-parts.module.css";
import { plural } from "../../../lib/format.ts";
import { useReplayDead } from "../api/actions.ts";
import { useDead } from "../api/notifications.ts";
import { replayable } from "../replayable.ts";
import { Answered } from "./answered.tsx";

/** Counts what would be sent again before anything is. */
export function ReplayDeadDialog({ channel, onClose }: { channel: string | null; onClose: () => void }) {
  const dead = useDead(channel);
  const replay = useReplayDead();
  return (
    <Dialog title="Send what was given up again?" onClose={onClose}>
      <Answered what="What was given up" query={dead}>
        {({ items }) => {
          const number = replayable(items, Date.now()).length;
          return (
            <>
              <p>
                {number === 0
                  ? "Nothing was given up in the last 14 days that has not been sent again already"
                  : `${plural(number, "notification was", "notifications were")} given up in the last 14 days`}
                {channel === null ? "" : ` for ${channel}`}.
              </p>
              <p className={parts.note}>
                Receivers know a notification by its event id, so one that did arrive is not taken for a new
                one. Older ones are left alone: they would tell of what has long passed.
              </p>
              <DialogFailure what="Not sent again" error={replay.error} />
              <div className={parts.buttons}>
                <Button variant="default" onClick={onClose}>
                  {number === 0 ? "Close" : "Leave them"}
                </Button>
                {number > 0 && (
                  <Button
                    loading={replay.isPending}
                    onClick={() => replay.run({ channel, limit: number }, onClose)}
                  >
                    Send {number} again
                  </Button>
                )}
              </div>
            </>
          );
        }}
      </Answered>
    </Dialog>
  );
}
