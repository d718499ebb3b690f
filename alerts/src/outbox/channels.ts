import { z } from "zod";
import type { Matcher } from "../matchers.ts";
import { parseYamlFile } from "../yaml-file.ts";
import {
  count,
  duration,
  exactWord,
  fileVersion,
  flag,
  identifier,
  matcher,
  refuseDoubleIds,
  seconds,
} from "../yaml-values.ts";
import { DEFAULT_SCHEDULE_MS, exponentialSchedule } from "./backoff.ts";

export const EVENT_TYPES = ["ALERT_FIRING", "ALERT_RESOLVED"] as const;
export type AlertEventType = (typeof EVENT_TYPES)[number];

/** What alerts of one channel may be put together by. `alert_id` keeps every alert apart. */
export const GROUP_KEYS = [
  "alert_id",
  "policy_id",
  "severity",
  "source_name",
  "data_source",
  "metric_type",
] as const;
export type GroupKey = (typeof GROUP_KEYS)[number];

export interface Grouping {
  by: GroupKey[];
  /** how long a first notification waits for others of its group */
  waitMs: number;
  /** shortest time from one notification of a group to the next */
  intervalMs: number;
  /** how long after a notice an alert that still fires is told again; 0: never */
  repeatMs: number;
}

interface ChannelBase {
  id: string;
  enabled: boolean;
  timeoutMs: number;
  /** waits between attempts; one more attempt than waits */
  scheduleMs: number[];
  /** deliveries under way at once from one process */
  concurrency: number;
  eventTypes: AlertEventType[];
  /** alerts that go here; empty: all */
  match: Matcher[];
  grouping: Grouping;
}

export interface HttpChannel extends ChannelBase {
  type: "webhook" | "slack";
  url: URL;
  allowHttp: boolean;
  /** signs the body, newest first; empty: unsigned */
  secrets: string[];
}

export interface EmailChannel extends ChannelBase {
  type: "email";
  smtpUrl: string;
  from: string;
  to: string[];
}

export interface LogChannel extends ChannelBase {
  type: "log";
  /** relative to the folder of logs */
  path: string;
}

/** Where notifications go. */
export type Channel = HttpChannel | EmailChannel | LogChannel;

/** A channel as the file has it, also one that is switched off and therefore may lack its address. */
export interface ChannelEntry {
  id: string;
  type: "webhook" | "slack" | "email" | "log";
  enabled: boolean;
  /** scheme and host, never path, user or secret; null when there is no address */
  targetHint: string | null;
  timeoutMs: number;
  scheduleMs: number[];
  eventTypes: AlertEventType[];
  signed: boolean;
  /** null when switched off */
  channel: Channel | null;
}

export interface ChannelFile {
  version: string;
  channels: ChannelEntry[];
}

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const DAY_S = 86_400;
const channelSchema = (environment: Readonly<Record<string, string>>) =>
  z
    .strictObject(
      {
        id: identifier,
        type: exactWord(["webhook", "slack", "email", "log"]).default("webhook"),
        enabled: flag.default(false),
        target_url: z.string("expected a URL").trim().optional(),
        target_url_env: z.string("expected the name of a variable").trim().min(1).optional(),
        allow_http: flag.default(false),
        signing_secret_env: z.string("expected the name of a variable").trim().min(1).optional(),
        previous_signing_secret_envs: z
          .array(z.string().trim().min(1))
          .max(4, "at most 4 old secrets may still sign")
          .default([]),
        smtp_url: z.string("expected a URL like smtps://user:password@host:465").trim().optional(),
        from: z.string("expected an address").trim().optional(),
        to: z.array(z.string("expected an address").trim().min(3)).max(50).default([]),
        path: z.string("expected a file name").trim().optional(),
        timeout_seconds: seconds(0.1, 60).default(5),
        max_attempts: count(1, 50).optional(),
        backoff_seconds: seconds(1, DAY_S).optional(),
        retry_schedule_seconds: z.array(seconds(1, DAY_S)).max(49).optional(),
        concurrency: count(1, 100).default(4),
        enabled_event_types: z
          .array(exactWord(EVENT_TYPES))
          .min(1, "must name at least one event type")
          .default([...EVENT_TYPES]),
        match: z.array(matcher).default([]),
        group_by: z.array(exactWord(GROUP_KEYS)).default(["policy_id"]),
        group_wait: duration.default(30_000),
        group_interval: duration.default(300_000),
        repeat_interval: duration.default(14_400_000),
      },
      "expected a channel: a mapping with id and type",
    )
    .transform((raw, context): ChannelEntry => {
      const mistake = (key: string, message: string) =>
        context.addIssue({ code: "custom", path: [key], message });
      const resolve = (key: string, text: string): string =>
        text.replace(REFERENCE, (_, name: string) => {
          const value = environment[name];
          if (value === undefined && raw.enabled) mistake(key, `names \${${name}}, which is not set`);
          return value ?? "";
        });
      const variable = (key: string, name: string): string => {
        const value = environment[name];
        if (value === undefined && raw.enabled) mistake(key, `names ${name}, which is not set`);
        return value ?? "";
      };

      if (
        raw.retry_schedule_seconds !== undefined &&
        (raw.backoff_seconds !== undefined || raw.max_attempts !== undefined)
      ) {
        mistake(
          "retry_schedule_seconds",
          "cannot stand beside max_attempts or backoff_seconds: keep one of them",
        );
      }
      const base: ChannelBase = {
        id: raw.id,
        enabled: raw.enabled,
        timeoutMs: raw.timeout_seconds * 1_000,
        scheduleMs: scheduleOf(raw),
        concurrency: raw.concurrency,
        eventTypes: raw.enabled_event_types,
        match: raw.match,
        grouping: {
          by: raw.group_by.length === 0 ? ["alert_id"] : raw.group_by,
          waitMs: raw.group_wait,
          intervalMs: raw.group_interval,
          repeatMs: raw.repeat_interval,
        },
      };

      let channel: Channel | null = null;
      let targetHint: string | null = null;
      if (raw.type === "webhook" || raw.type === "slack") {
        const fromUrl = raw.target_url === undefined ? "" : resolve("target_url", raw.target_url);
        const text =
          fromUrl !== "" || raw.target_url_env === undefined
            ? fromUrl
            : variable("target_url_env", raw.target_url_env);
        const key =
          raw.target_url === undefined && raw.target_url_env !== undefined ? "target_url_env" : "target_url";
        const url = text === "" ? null : httpUrl(text, (message) => mistake(key, message));
        if (url === null && text === "" && raw.enabled)
          mistake(key, "has no URL: a channel that is switched on needs one");
        targetHint = url === null ? null : `${url.protocol}//${url.host}`;
        const names = [raw.signing_secret_env, ...raw.previous_signing_secret_envs].filter(
          (name) => name !== undefined,
        );
        const secrets = names.map((name, i) =>
          variable(i === 0 ? "signing_secret_env" : "previous_signing_secret_envs", name),
        );
        if (url !== null) channel = { ...base, type: raw.type, url, allowHttp: raw.allow_http, secrets };
      } else if (raw.type === "email") {
        const smtpUrl = resolve("smtp_url", raw.smtp_url ?? "");
        const from = resolve("from", raw.from ?? "");
        const to = raw.to.map((address) => resolve("to", address));
        const parsed = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null;
        const isSmtp =
          parsed !== null &&
          (parsed.protocol === "smtp:" || parsed.protocol === "smtps:") &&
          parsed.hostname !== "";
        if (raw.enabled && !isSmtp) mistake("smtp_url", "is not a URL like smtps://user:password@host:465");
        if (raw.enabled && from === "") mistake("from", "is missing: an e-mail needs a sender");
        if (raw.enabled && to.length === 0) mistake("to", "is missing: an e-mail needs a receiver");
        targetHint = isSmtp ? `${parsed.protocol}//${parsed.host}` : null;
        if (isSmtp) channel = { ...base, type: "email", smtpUrl, from, to };
      } else {
        const path = resolve("path", raw.path ?? "notifications.log");
        if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(path))
          mistake("path", "expected the name of a file in the folder of logs, without folders");
        targetHint = "log";
        channel = { ...base, type: "log", path };
      }
      return {
        id: raw.id,
        type: raw.type,
        enabled: raw.enabled,
        targetHint,
        timeoutMs: base.timeoutMs,
        scheduleMs: base.scheduleMs,
        eventTypes: base.eventTypes,
        signed: raw.signing_secret_env !== undefined,
        channel: raw.enabled ? channel : null,
      };
    });

const fileSchema = (environment: Readonly<Record<string, string>>) =>
  z.strictObject(
    {
      version: fileVersion,
      channels: z
        .array(channelSchema(environment), "expected a list of channels")
        .max(100)
        .superRefine(refuseDoubleIds("channels"))
        .default([]),
    },
    "expected a mapping with version and channels",
  );

/**
 * Channels from the text of their file. `${NAME}` inside a value stands for that variable.
 *
 * @param environment where names are looked up; a channel that is switched on may only name variables that are set
 * @throws {ConfigFileError} naming every mistake with its line, never the value of a variable
 */
export function parseChannels(
  text: string,
  path: string,
  environment: Readonly<Record<string, string>>,
): ChannelFile {
  return parseYamlFile(fileSchema(environment), { path, text, refusal: "channel_file_refused" });
}

/** The channels that are switched on. */
export function enabledChannels(file: ChannelFile): Channel[] {
  return file.channels.flatMap((entry) => (entry.channel === null ? [] : [entry.channel]));
}

function scheduleOf(raw: {
  retry_schedule_seconds?: number[];
  max_attempts?: number;
  backoff_seconds?: number;
}): number[] {
  if (raw.retry_schedule_seconds !== undefined) return raw.retry_schedule_seconds.map((each) => each * 1_000);
  if (raw.max_attempts === undefined && raw.backoff_seconds === undefined) return [...DEFAULT_SCHEDULE_MS];
  return exponentialSchedule(raw.max_attempts ?? 5, (raw.backoff_seconds ?? 30) * 1_000);
}

/** The URL as the parser reads it; forms that could mislead are refused. The text itself is not repeated: it may hold a secret. */
function httpUrl(text: string, mistake: (message: string) => void): URL | null {
  if (!URL.canParse(text)) {
    mistake("is not a URL like https://host/path");
    return null;
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    mistake(`has the scheme ${url.protocol.slice(0, -1)}; https is expected`);
    return null;
  }
  if (url.username !== "" || url.password !== "") {
    mistake("holds a user name or password: put the secret into the path, the query or the signing secret");
    return null;
  }
  // "localhost." and "localhost" are one host; the guard and TLS look at the form without the dot.
  url.hostname = url.hostname.replace(/\.$/, "");
  url.hash = "";
  return url;
}
