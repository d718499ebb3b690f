import { accessNotices } from "@rossmann/backend";
import type { Settings } from "@rossmann/core";
import pc from "picocolors";
import type { Terminal } from "./terminal.ts";

/** Say loudly which doors stand open: the log may be read by nobody, the terminal is. */
export function announceAccess(
  terminal: Terminal,
  settings: Settings,
  host: string = settings.BACKEND_HOST,
): void {
  for (const notice of accessNotices(settings, host))
    terminal.note(`${pc.bold(pc.yellow("WARNING"))}  ${notice}`);
}
