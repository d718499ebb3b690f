import { runCli } from "./run-cli.ts";

// whoever reads our answer may have read enough (`rossmann doctor --settings | head`)
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2));
