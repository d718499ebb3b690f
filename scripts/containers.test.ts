import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { settingsSchema } from "@rossmann/core";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const textOf = (name: string) => readFileSync(join(ROOT, name), "utf8");
const composeFiles = execFileSync("git", ["ls-files", "docker-compose*.yml"], { cwd: ROOT, encoding: "utf8" })
  .trim()
  .split("\n")
  .filter(Boolean);

interface Service {
  build?: string;
  image?: string;
  command?: string[] | string;
  environment?: Record<string, string> | string[];
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }> | string[];
  user?: string;
  deploy?: { resources?: { limits?: { memory?: string; cpus?: string } } };
}
interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
}
const compose = (name: string) => parse(textOf(name), { merge: true }) as Compose;
const servicesOf = (name: string) => Object.entries(compose(name).services);

describe.for(composeFiles)("%s", (file) => {
  test("publishes ports on this machine only", () => {
    const ports = servicesOf(file).flatMap(([, service]) => service.ports ?? []);
    expect(ports.filter((port) => !String(port).startsWith("127.0.0.1:"))).toEqual([]);
  });

  test("mounts only files of the repository and volumes that it declares", () => {
    const declared = Object.keys(compose(file).volumes ?? {});
    for (const [name, { volumes = [] }] of servicesOf(file)) {
      const sources = volumes.map((volume) => volume.split(":")[0]!);
      const missing = sources.filter((source) =>
        source.startsWith(".") ? !existsSync(join(ROOT, source)) : !declared.includes(source),
      );
      expect([name, missing]).toEqual([name, []]);
    }
  });

  test("waits only for services that it has", () => {
    const names = servicesOf(file).map(([name]) => name);
    for (const [, { depends_on = {} }] of servicesOf(file)) {
      const waitedFor = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
      expect(waitedFor.filter((name) => !names.includes(name))).toEqual([]);
    }
  });

  test("names a version for every image", () => {
    const images = servicesOf(file).flatMap(([, { image }]) => image ?? []);
    expect(images.filter((image) => !/:[\w.-]*\d/.test(image) || image.endsWith(":latest"))).toEqual([]);
  });

  test("holds no password that works", () => {
    const settings = servicesOf(file).flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secrets = settings.filter(([name]) => /PASSWORD|SECRET/.test(name));
    const given = secrets.filter(([, value]) => !/^\$\{\w+:(\?.+|-)\}$/.test(String(value)));
    expect(given).toEqual([]);
  });
});

describe("docker-compose.yml", () => {
  const platform = servicesOf("docker-compose.yml").filter(([, { build }]) => build !== undefined);

  test("sets only variables that the platform reads", () => {
    for (const [, { environment = {} }] of platform) {
      expect(Object.keys(environment).filter((name) => !(name in settingsSchema.shape))).toEqual([]);
    }
  });

  test("runs commands that exist", () => {
    const commands = textOf("cli/src/run-cli.ts");
    for (const [, { command }] of platform)
      expect(commands).toMatch(new RegExp(`^  "?${command?.[0]}"?: async`, "m"));
  });

  test("limits memory and processors of every service", () => {
    for (const [name, { deploy }] of servicesOf("docker-compose.yml"))
      expect([name, deploy?.resources?.limits]).toEqual([
        name,
        { memory: expect.any(String), cpus: expect.any(String) },
      ]);
  });

  test("is PostgreSQL 16 on a named volume, migration, API on its port, and a worker", () => {
    const { services } = compose("docker-compose.yml");
    expect(services.postgres).toMatchObject({
      image: "postgres:16",
      volumes: ["database:/var/lib/postgresql/data"],
    });
    expect(services.migrate?.command).toEqual(["migrate"]);
    expect(services.worker?.command).toEqual(["worker"]);
    const port = settingsSchema.shape.BACKEND_PORT.parse(undefined);
    expect(services.api?.ports).toEqual([`127.0.0.1:\${BACKEND_PORT:-${port}}:${port}`]);
    expect(textOf("Dockerfile")).toContain(`BACKEND_PORT=${port}`);
  });
});

describe("Dockerfile", () => {
  const lines = textOf("Dockerfile").replaceAll("\\\n", " ").split("\n");

  test("copies only what the repository has and the context sends", () => {
    const ignored = textOf(".dockerignore").split("\n");
    const copied = lines
      .filter((line) => line.startsWith("COPY") && !line.includes("--from"))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.filter((name) => !existsSync(join(ROOT, name)) || ignored.includes(name))).toEqual([]);
  });

  test("copies the package of every room before it installs, and every room that the command needs", () => {
    const { workspaces } = JSON.parse(textOf("package.json")) as { workspaces: string[] };
    for (const room of workspaces) expect(lines).toContain(`COPY ${room}/package.json ${room}/`);
    for (const room of workspaces.filter((each) => each !== "frontend"))
      expect(lines).toContain(`COPY ${room} ${room}`);
  });

  test("does not run as root, and asks a route that exists for its health", () => {
    expect(lines.filter((line) => line.startsWith("USER")).at(-1)).toBe("USER node");
    const route = /127\.0\.0\.1:' \+ process\.env\.BACKEND_PORT \+ '([^']+)'/.exec(lines.join(" "))?.[1];
    const { paths } = JSON.parse(textOf("docs/openapi.json")) as { paths: Record<string, unknown> };
    expect(Object.keys(paths)).toContain(route);
  });

  test("uses the Node that the platform asks for", () => {
    const { engines } = JSON.parse(textOf("package.json")) as { engines: { node: string } };
    const versions = lines.flatMap((line) => /^FROM node:(\d+)/.exec(line)?.[1] ?? []);
    expect(new Set(versions.map((version) => `>=${version}`))).toEqual(new Set([engines.node]));
  });

  test("sets only variables that the platform or Node reads", () => {
    const names = [...textOf("Dockerfile").matchAll(/^(?:ENV| {3}) (\w+)=/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(4);
    expect(
      names.filter((name) => !(name in settingsSchema.shape || ["NODE_ENV", "TZ"].includes(name))),
    ).toEqual([]);
  });
});
