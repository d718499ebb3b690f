import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useApiMonitor } from "../features/common/api/health.ts";
import { clock } from "../lib/format.ts";
import classes from "./offline-banner.module.css";

/** Says that the API does not answer; when it is back, every panel that failed or is old asks again by itself. */
export function OfflineBanner() {
  const { state, lastSuccess, check } = useApiMonitor();
  const queryClient = useQueryClient();
  const wasOffline = useRef(false);
  useEffect(() => {
    if (state === "online" && wasOffline.current) {
      void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "health" });
    }
    wasOffline.current = state === "offline";
  }, [state, queryClient]);

  if (state !== "offline") return null;
  return (
    <div className={classes.banner} role="alert">
      <IconPlugConnectedX size={18} stroke={1.6} aria-hidden />
      <span>
        The API does not answer.{" "}
        {lastSuccess === null ? "" : `What you see is from before ${clock(lastSuccess)}. `}
        It is asked again every 30 seconds, and the page recovers by itself.
      </span>
      <Button size="compact-sm" variant="default" onClick={check}>
        Check now
      </Button>
    </div>
  );
}
