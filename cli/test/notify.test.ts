import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MAIN, rossmann } from "./run.ts";

let folder: string;
let sink: ChildProcess;
let url: string;
let heard = "";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-notify-"));
  sink = spawn(process.execPath, [MAIN, "webhook-sink", "--port", "0", "--secret-env", "SECRET", "--json"], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder, SECRET },
    stdio: ["ignore", "pipe", "pipe"],
  });
  sink.stdout?.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
  });
  url = await new Promise((resolve, reject) => {
    sink.stderr?.on("data", (chunk: Buffer) => {
      const found = /receiving on (\S+);/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
    sink.once("exit", (code) => reject(new Error(`the sink ended with ${code}`)));
  });
  writeFileSync(
    join(folder, "channels.yaml"),
    `channels:
  - {id: hook, enabled: true, target_url: "\${SINK}hook", signing_secret_env: SECRET}
  - {id: wrong, enabled: true, target_url: "\${SINK}wrong", signing_secret_env: OTHER}
  - {id: off, enabled: false}
`,
  );
});
afterAll(() => {
  sink.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const testChannel = (channel: string, more: Record<string, string> = {}) =>
  rossmann(folder, ["notify", "test", "--channel", channel], {
    PREFLIGHT_NOTIFICATION_CHANNELS_PATH: "channels.yaml",
    PREFLIGHT_NOTIFICATIONS_ALLOWED_CIDRS: "127.0.0.1/32",
    SINK: url,
    SECRET,
    OTHER: "another",
    ...more,
  });

test("notify test reaches the sink, which checks both signatures and prints what came", async () => {
  const sent = await testChannel("hook");
  expect(sent).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^hook: delivered in \d+ ms, status 204/),
  });
  const delivery = JSON.parse(heard.trim().split("\n")[0]!);
  expect(delivery).toMatchObject({
    path: "/hook",
    standard: { accepted: true },
    preflight: { accepted: true },
  });
  expect(delivery.body).toContain("This is a test of channel hook");
});

test("a channel that signs otherwise is turned away, and the command says so and fails", async () => {
  const sent = await testChannel("wrong");
  expect(sent).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^wrong: not delivered \(HTTP_ERROR\): HTTP 401/),
  });
});

test.each([
  ["off", {}, /channel off is switched off in channels\.yaml/],
  ["none", {}, /there is no channel none in channels\.yaml; it has hook, wrong, off/],
  [
    "hook",
    { SINK: "not a url" },
    /channels\.yaml cannot be used: line 2, .*is not a URL like https:\/\/host\/path/,
  ],
  ["hook", { SECRET: "" }, /line 2, .*names SECRET, which is not set/],
])("notify test --channel %s with %j is refused in one line", async (channel, more, message) => {
  const refused = await testChannel(channel, more);
  expect(refused.code).toBe(1);
  expect(refused.stderr.trim().split("\n")).toHaveLength(1);
  expect(refused.stderr).toMatch(message);
});

test("doctor says which policies are on and who is told, or the line that keeps a file from being used", async () => {
  const settings = {
    PREFLIGHT_NOTIFICATION_CHANNELS_PATH: "channels.yaml",
    SINK: url,
    SECRET,
    OTHER: "another",
  };
  const good = await rossmann(folder, ["doctor"], settings);
  expect(good.stdout).toMatch(/ok +alerts +\d+ of \d+ policies on; they are told to hook, wrong/);
  const bad = await rossmann(folder, ["doctor"], { ...settings, SINK: "not a url" });
  expect(bad.stdout).toMatch(/MEND +alerts +channels\.yaml cannot be used: line 2, .*\n +→ mend that line/);
  expect(bad.code).toBe(1);
});
