import { join } from "node:path";
import type { Logger, Settings } from "@rossmann/core";
import { configFile } from "./config-file.ts";
import { type LiveFile, liveFile } from "./live-file.ts";
import { type Channel, type ChannelFile, enabledChannels, parseChannels } from "./outbox/channels.ts";
import { createPostman, type Postman } from "./outbox/deliver.ts";
import { createGuard } from "./outbox/guard.ts";
import { type PolicyFile, parsePolicies } from "./policy.ts";

/** Where notifications go, and who carries them: this much works without a database. */
export interface ChannelDesk {
  channels: LiveFile<ChannelFile>;
  /** channels that are switched on; none while there is no usable file */
  enabledChannels(): Promise<Channel[]>;
  postman: Postman;
  close(): Promise<void>;
}

interface FileParts {
  settings: Settings;
  /** variables that the channel file may name: `readEnvironment()` */
  environment: Readonly<Record<string, string>>;
  /** against which the settings' paths are resolved; default: the working directory */
  folder?: string;
  logger: Logger;
}

/** The two configuration files, each the shipped one or the one that the settings name. */
export function openAlertFiles({ settings, environment, folder, logger }: FileParts): {
  policies: LiveFile<PolicyFile>;
  channels: LiveFile<ChannelFile>;
} {
  const intervalMs = settings.PREFLIGHT_ALERTS_SCHEDULER_INTERVAL_SECONDS * 1_000;
  return {
    policies: liveFile({
      kind: "policies",
      ...configFile("preflight_alert_policies.yaml", settings.PREFLIGHT_ALERT_POLICY_PATH, folder),
      parse: (text, name) => parsePolicies(text, name, intervalMs),
      logger,
    }),
    channels: liveFile({
      kind: "channels",
      ...configFile(
        "preflight_notification_channels.yaml",
        settings.PREFLIGHT_NOTIFICATION_CHANNELS_PATH,
        folder,
      ),
      parse: (text, name) => parseChannels(text, name, environment),
      logger,
    }),
  };
}

/** @throws {RangeError} when a network of PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS cannot be read */
export function openChannelDesk({
  settings,
  channels,
}: {
  settings: Settings;
  channels: LiveFile<ChannelFile>;
}): ChannelDesk {
  const postman = createPostman({
    guard: createGuard(settings.PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS),
    logFolder: join(settings.home, "logs"),
    nowMs: Date.now,
  });
  return {
    channels,
    async enabledChannels() {
      try {
        return enabledChannels(await channels.current());
      } catch {
        // Logged and counted by the file. Alerts go on; what fires is told as soon as the file is mended.
        return [];
      }
    },
    postman,
    close: () => postman.close(),
  };
}
