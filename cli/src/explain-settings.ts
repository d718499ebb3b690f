import { isSecretName, readEnvironment, settingOrigin, settingsSchema } from "@rossmann/core";
import pc from "picocolors";
import type { z } from "zod";
import type { Terminal } from "./terminal.ts";

/** Every setting with its value (secrets hidden), where that comes from, and what it means. */
export function explainSettings(terminal: Terminal, asJson: boolean): void {
  const values = readEnvironment();
  const settings = Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const origin = settingOrigin(name);
    const fallback = (schema as z.ZodType).safeParse(undefined);
    const value = origin === "default" ? (fallback.success ? fallback.data : undefined) : values[name];
    const shown =
      value === undefined ? null : isSecretName(name) && origin !== "default" ? "(hidden)" : String(value);
    return { name, value: shown, origin, meaning: (schema as z.ZodType).description ?? "" };
  });
  if (asJson) {
    terminal.answer(JSON.stringify(settings));
    return;
  }
  for (const { name, value, origin, meaning } of settings) {
    const set = value === null || value === "" ? pc.dim("not set") : value;
    terminal.answer(`${pc.bold(name)} = ${set} ${pc.dim(`(${origin})`)}\n    ${meaning}`);
  }
}
