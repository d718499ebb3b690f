import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { LiveTopic } from "../../../lib/api-types.ts";
import { settings } from "../../../lib/settings.ts";

/** What is asked for again when the server says that something has changed. */
const LISTS: Record<LiveTopic, readonly string[]> = {
  alerts: ["active", "history"],
  actions: ["active", "silences"],
  evaluations: ["policies"],
  deliveries: ["deliveries", "delivery-stats", "endpoints"],
};

/** Lists keep their rows while newer ones come, so that nothing moves under the pointer and no focus is lost. */
export function useLiveAlerts(isOn: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    // Without server-sent events the lists are asked for at intervals only.
    if (!isOn || typeof EventSource === "undefined") return;
    const feed = new EventSource(`${settings.apiBase}/diagnostics/preflight/events`);
    feed.addEventListener("change", ({ data }: MessageEvent<string>) => {
      for (const list of new Set(topicsOf(data).flatMap((topic) => LISTS[topic] ?? [])))
        void client.invalidateQueries({ queryKey: ["alerts", list] });
    });
    return () => feed.close();
  }, [client, isOn]);
}

function topicsOf(data: string): LiveTopic[] {
  try {
    return (JSON.parse(data) as { topics: LiveTopic[] }).topics;
  } catch {
    return Object.keys(LISTS) as LiveTopic[];
  }
}
