import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { beforeAll, describe, expect, test } from "vitest";
import { everyCommand } from "../src/run-cli.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .trim()
  .split("\n");

/** Every line of every shell block, continued lines put together, and every `rossmann …` within a sentence. */
function commandLines(text: string): string[] {
  const blocks = [...text.matchAll(/```(?:bash|sh)\n([\s\S]*?)```/g)].map(([, block]) => block!);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"));
  const prose = text.replaceAll(/```[\s\S]*?```/g, "");
  const quoted = [...prose.matchAll(/`((?:npx )?rossmann [^`]+)`/g)].map(([, command]) => command!);
  return [...lines, ...quoted];
}

const calls = pages.flatMap((page) =>
  commandLines(readFileSync(join(ROOT, page), "utf8"))
    .flatMap((line) => line.replace(/\s#.*$/, "").split(/\s(?:&&|\|\||;|\|)\s/))
    .map((command) => ({ page, command: command.trim().replace(/^(\w+=("[^"]*"|\S*)\s+)+/, "") }))
    .filter(({ command }) => command !== ""),
);

describe("what pages say of the command line", () => {
  let program: Command;
  beforeAll(async () => {
    program = await everyCommand();
  });

  const rossmannCalls = calls.filter(({ command }) => /^(npx )?rossmann /.test(command));
  test.for(rossmannCalls)("$page: $command", ({ command }) => {
    const words = command.replace(/^(npx )?rossmann /, "").split(/\s+/);
    let at: Command = program;
    while (words.length > 0) {
      const next = at.commands.find((each) => each.name() === words[0]);
      if (next === undefined) break;
      at = next;
      words.shift();
    }
    // a word with bars, slashes or dots stands for several commands or is cut short
    if (at === program && /^(--help|…|[\w-]+[|/{])/.test(words[0] ?? "…")) return;
    expect(at, `no command ${words[0]}`).not.toBe(program);
    const known = ["--help", ...at.options.flatMap((option) => [option.long, option.short])];
    const flags = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split(/[=…\]]/)[0]!);
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  });
});

test("every script and npm command that pages name exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const missing = calls.flatMap(({ page, command }) => {
    const script =
      /^(?:bash |powershell .*-File |nice )?(\.?\.?\/?[\w./-]+\.(?:sh|bat|ps1|py|ts))(?:\s|$)/.exec(
        command,
      )?.[1];
    if (
      script !== undefined &&
      ![ROOT, dirname(join(ROOT, page))].some((from) => existsSync(join(from, script)))
    )
      return [`${page}: ${script}`];
    const npm = /^npm run (?:-s )?([\w:]+)/.exec(command)?.[1];
    return npm === undefined || npm in scripts ? [] : [`${page}: npm run ${npm}`];
  });
  expect(missing).toEqual([]);
});
