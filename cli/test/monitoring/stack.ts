import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";

interface Targets {
  static_configs: { targets: string[] }[];
}
interface PrometheusConfig {
  global: object;
  alerting: { alertmanagers: Targets[] };
  scrape_configs: (Targets & { job_name: string })[];
}

/** The shipped files with other addresses, and with seconds where they have minutes. */
export function fasterFiles(
  from: string,
  folder: string,
  at: { api: string; alertmanager: string; sink: string; key: string },
): void {
  cpSync(join(from, "prometheus"), join(folder, "prometheus"), { recursive: true });
  mkdirSync(join(folder, "alertmanager"));
  writeFileSync(join(folder, "prometheus/secrets/metrics_api_key"), at.key);

  const edit = (path: string, change: (text: string) => unknown) => {
    const text = readFileSync(join(from, path), "utf8");
    writeFileSync(join(folder, path), stringify(change(text)));
  };
  edit("prometheus/prometheus.yml", (text) => {
    const config = parse(text) as PrometheusConfig;
    Object.assign(config.global, { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" });
    config.alerting.alertmanagers[0]!.static_configs[0]!.targets = [at.alertmanager];
    config.scrape_configs = config.scrape_configs.filter(({ job_name }) => job_name === "rossmann_api");
    config.scrape_configs[0]!.static_configs[0]!.targets = [at.api];
    return config;
  });
  for (const name of ["preflight", "platform"]) {
    edit(`prometheus/rules/${name}.yml`, (text) =>
      parse(
        text
          .replaceAll(/interval: \S+/g, "interval: 1s")
          .replaceAll(/for: \S+/g, "for: 1s")
          .replaceAll(/\[\d+[mh]\]/g, "[10s]")
          .replaceAll("> 180", "> 8"),
      ),
    );
  }
  edit("alertmanager/alertmanager.yml", (text) =>
    parse(
      text
        .replaceAll(/group_wait: \S+/g, "group_wait: 1s")
        .replaceAll(/group_interval: \S+/g, "group_interval: 1s")
        .replaceAll("http://127.0.0.1:9900", at.sink),
    ),
  );
}

/** Start a program and wait until it says that it is ready. */
export async function startProgram(
  command: string,
  words: string[],
  readyUrl: string,
): Promise<{ child: ChildProcess; words: () => string }> {
  let said = "";
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8_000);
    });
  await until(`${command} is ready`, async () => {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}: ${said}`);
    const answer = await fetch(readyUrl).catch(() => null);
    return answer?.ok === true;
  });
  return { child, words: () => said };
}

/** Looks again and again; what it waits for is named when it does not come. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  ms = 60_000,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`this did not come about in time: ${what}`);
    await sleep(100);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
