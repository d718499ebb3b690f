import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ConfigFileError } from "../errors.ts";
import { enabledChannels, type HttpChannel, parseChannels } from "./channels.ts";

const ENVIRONMENT = { HOOK_HOST: "hooks.example", SECRET: "geheim", OLD: "alt" };
const parse = (text: string, environment: Record<string, string> = ENVIRONMENT) =>
  parseChannels(text, "channels.yaml", environment);
const mistakesOf = (text: string, environment?: Record<string, string>): string[] => {
  try {
    parse(text, environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    return error.mistakes.map(({ line, where, message }) => `${line} ${where} ${message}`);
  }
};
const reference = (name: string) => `$\{${name}}`;
const channel = (more: string) => `channels:\n  - {id: a, enabled: true, ${more}}\n`;

test("the shipped file is usable without any variable, and with those that it names", () => {
  const path = fileURLToPath(
    new URL("../../../config/preflight_notification_channels.yaml", import.meta.url),
  );
  const text = readFileSync(path, "utf8");
  expect(parse(text, {}).channels.map(({ id, enabled }) => [id, enabled])).toContainEqual([
    "default_webhook",
    false,
  ]);
  const on = text.replace("enabled: false", "enabled: true");
  const environment = {
    PREFLIGHT_ALERTS_WEBHOOK_URL: "https://hooks.example/x",
    PREFLIGHT_ALERTS_WEBHOOK_SIGNING_SECRET: "s",
  };
  expect(enabledChannels(parse(on, environment))[0]).toMatchObject({ id: "default_webhook", secrets: ["s"] });
});

test("references are resolved inside values, and secrets by name, newest first", () => {
  const text = channel(
    `target_url: 'https://${reference("HOOK_HOST")}/x?y=1', signing_secret_env: SECRET, previous_signing_secret_envs: [OLD]`,
  );
  const [found] = enabledChannels(parse(text)) as [HttpChannel];
  expect(found.url.href).toBe("https://hooks.example/x?y=1");
  expect(found.secrets).toEqual(["geheim", "alt"]);
});

test("a channel that is switched off may name what is not there, and sends nothing", () => {
  const file = parse(
    `channels:\n  - {id: a, target_url: '${reference("NOWHERE")}', signing_secret_env: NOTHING}\n`,
  );
  expect(file.channels[0]).toMatchObject({ enabled: false, channel: null, targetHint: null });
  expect(enabledChannels(file)).toEqual([]);
});

test("the hint of an address has neither path nor query", () => {
  expect(
    parse(channel("target_url: 'https://h.example:8443/secret/path?token=x'")).channels[0]!.targetHint,
  ).toBe("https://h.example:8443");
});

test("without a schedule the product's own is used; max_attempts and backoff double", () => {
  const [own, older] = enabledChannels(
    parse(
      "channels:\n  - {id: a, enabled: true, type: log}\n  - {id: b, enabled: true, type: log, max_attempts: 3, backoff_seconds: 10}\n",
    ),
  );
  expect(own!.scheduleMs).toHaveLength(7);
  expect(older!.scheduleMs).toEqual([10_000, 20_000]);
});

test.each([
  [
    `target_url: '${reference("NOWHERE")}'`,
    `2 channels[0].target_url names ${reference("NOWHERE")}, which is not set`,
  ],
  [
    "target_url: 'https://x.example', signing_secret_env: NOTHING",
    "2 channels[0].signing_secret_env names NOTHING, which is not set",
  ],
  ["target_url: 'https://user:geheim@x.example'", "2 channels[0].target_url holds a user name or password"],
  ["target_url: 'ftp://x.example'", "2 channels[0].target_url has the scheme ftp; https is expected"],
  ["target_url: 'javascript:alert(1)'", "2 channels[0].target_url has the scheme javascript"],
  ["target_url: 'not a url'", "2 channels[0].target_url is not a URL"],
  ["type: webhook", "2 channels[0].target_url has no URL"],
  ["type: pigeon", '2 channels[0].type "pigeon" is not one of'],
  ["type: email, smtp_url: 'http://x'", "2 channels[0].smtp_url is not a URL like smtps"],
  ["type: log, path: ../../etc/passwd", "2 channels[0].path expected the name of a file"],
  ["type: log, timeout_seconds: 0", "2 channels[0].timeout_seconds expected 0.1 to 60 seconds"],
  [
    "type: log, enabled_event_types: [ALERT_MAYBE]",
    '2 channels[0].enabled_event_types[0] "ALERT_MAYBE" is not one of',
  ],
  ["type: log, match: ['severity ~ HIGH']", "2 channels[0].match[0]"],
  [
    "type: log, max_attempts: 3, retry_schedule_seconds: [1]",
    "2 channels[0].retry_schedule_seconds cannot stand beside",
  ],
])("%s is refused with its line", (line, message) => {
  const mistakes = mistakesOf(channel(line));
  expect(mistakes.some((mistake) => mistake.startsWith(message))).toBe(true);
  expect(mistakes.join()).not.toContain("geheim");
});
