#!/usr/bin/env node
// Plain JavaScript on purpose: this file must start on any Node, so that it can hand over to the one the project brings.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(new URL("../src/main.ts", import.meta.url).href);
} else {
  const folder = new URL("../../node_modules/node/bin/", import.meta.url);
  const own = ["node", "node.exe"]
    .map((name) => fileURLToPath(new URL(name, folder)))
    .find((path) => existsSync(path));
  if (own === undefined) {
    console.error(
      `rossmann needs Node 24 or newer, this is ${process.version}, and the project's own Node is not installed: run "npm ci" first.`,
    );
    process.exit(1);
  }
  const child = spawn(own, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends Ctrl-C to both; waiting for the child lets it finish its shutdown.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}
