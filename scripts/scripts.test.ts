import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .trim()
  .split("\n");
const shell = [".ci/run", ...files.filter((name) => name.endsWith(".sh"))];
const powerShell = files.filter((name) => name.endsWith(".ps1"));
const has = (program: string) => spawnSync(program, ["--version"]).error === undefined;
const textOf = (name: string) => readFileSync(join(ROOT, name), "utf8");

test("every script that people know by name is there, and shell scripts can be run", () => {
  const known = [
    ...["run_all.sh", "run_all.bat", "stop_all.sh", "stop_all.bat"],
    ...["bootstrap", "start", "status", "stop"].flatMap((verb) => [
      `scripts/${verb}_local_linux.sh`,
      `scripts/${verb}_local_windows.ps1`,
    ]),
    ...["dev_up", "dev_down", "smoke", "init_db", "run_input_validation", "create_diagnostics_api_key"].map(
      (name) => `scripts/${name}.sh`,
    ),
  ];
  expect(known.filter((name) => !files.includes(name))).toEqual([]);
  const runnable = shell.filter((name) => !name.includes("/lib/"));
  expect(runnable.filter((name) => (statSync(join(ROOT, name)).mode & 0o100) === 0)).toEqual([]);
});

describe.skipIf(process.platform === "win32")("shell scripts", () => {
  test.for(shell)("%s is read without complaint by the shell", (name) => {
    const interpreter = textOf(name).startsWith("#!/usr/bin/env bash") ? "bash" : "sh";
    expect(spawnSync(interpreter, ["-n", name], { cwd: ROOT, encoding: "utf8" }).stderr).toBe("");
  });

  test.skipIf(!has("shellcheck"))("pass shellcheck (needs shellcheck)", () => {
    const { stdout } = spawnSync("shellcheck", ["--external-sources", ...shell], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });
});

test.skipIf(!has("pwsh"))("PowerShell scripts are read without complaint by PowerShell (needs pwsh)", () => {
  const check = `$faults = @(); foreach ($file in $args) { $errors = $null; [void][System.Management.Automation.Language.Parser]::ParseFile((Resolve-Path $file), [ref]$null, [ref]$errors); $faults += $errors }; $faults | ForEach-Object { "$_" }`;
  const { stdout } = spawnSync("pwsh", ["-NoProfile", "-Command", `& { ${check} } ${powerShell.join(" ")}`], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(stdout.trim()).toBe("");
});

test("scripts call only commands that exist, end nothing by its name, and wait for nothing by the clock", () => {
  const commands = [...textOf("cli/src/run-cli.ts").matchAll(/^ {2}"?([a-z-]+)"?: async/gm)].map(
    ([, name]) => name!,
  );
  const scripts = [...shell, ...powerShell, ...files.filter((name) => name.endsWith(".bat"))];
  for (const name of scripts.filter((each) => each !== ".ci/run" && !each.startsWith("spark/"))) {
    const text = textOf(name).replaceAll(/^\s*(#|rem ).*$/gm, "");
    const called = [
      ...text.matchAll(/(?:^|\s)(?:rossmann|Invoke-Rossmann|\S*rossmann(?:\.cmd)?)\s+([a-z][a-z-]*)/gm),
    ];
    expect([name, called.map(([, verb]) => verb!).filter((verb) => !commands.includes(verb))]).toEqual([
      name,
      [],
    ]);
    expect(text, name).not.toMatch(
      /\b(pkill|killall|taskkill|Stop-Process|sleep|Start-Sleep|timeout \/t)\b/i,
    );
  }
});

test.skipIf(!has("actionlint"))("the workflows pass actionlint (needs actionlint)", () => {
  const { stdout } = spawnSync("actionlint", [], { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe("");
});

test("the workflows call only scripts that exist", () => {
  const workflows = files.filter((name) => name.startsWith(".github/workflows/"));
  expect(workflows.length).toBeGreaterThan(1);
  const called = workflows.flatMap((name) => [
    ...textOf(name).matchAll(/(?:\.\/)?(scripts\/[\w/]+\.(?:sh|ps1))/g),
  ]);
  expect(called.map(([, script]) => script!).filter((script) => !files.includes(script))).toEqual([]);
});
