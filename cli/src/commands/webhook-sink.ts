import { type SunkDelivery, startWebhookSink, type Verdict } from "@rossmann/alerts";
import { readEnvironment } from "@rossmann/core";
import pc from "picocolors";
import { UsageError } from "../errors.ts";
import { wholeNumber } from "../options.ts";
import type { CommandModule } from "../run-cli.ts";
import { untilAskedToStop } from "../stop-signal.ts";

interface SinkOptions {
  host: string;
  port: number;
  secretEnv?: string;
  answer: number;
  json?: boolean;
}

export const webhookSinkCommand: CommandModule = (program, { settings, terminal }) => {
  program
    .command("webhook-sink")
    .description("a small receiver to try notifications out: checks signatures and prints what comes")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <n>", "port; 0 takes any free one", wholeNumber(0, 65_535), 9900)
    .option("--secret-env <name>", "variable with the signing secret; without it nothing is checked")
    .option("--answer <status>", "status to answer with", wholeNumber(200, 599), 204)
    .option("--json", "each delivery as one line of JSON on stdout")
    .action(async (options: SinkOptions) => {
      const secret = options.secretEnv === undefined ? undefined : secretOf(options.secretEnv);
      const sink = await startWebhookSink({
        host: options.host,
        port: options.port,
        secret,
        answer: () => options.answer,
        onDelivery: (delivery) =>
          terminal.answer(options.json ? JSON.stringify(delivery) : linesOf(delivery)),
      });
      terminal.note(`receiving on ${sink.url}; Ctrl-C stops it`);
      await untilAskedToStop(settings().home);
      await sink.close();
    });
};

function secretOf(name: string): string {
  const secret = readEnvironment()[name];
  if (secret === undefined) throw new UsageError(`${name} is not set: put the signing secret there`);
  return secret;
}

function linesOf(delivery: SunkDelivery): string {
  const again = delivery.isRepeated ? pc.yellow(" (this event has been here before)") : "";
  return [
    `${pc.dim(delivery.receivedAt.toISOString())} ${delivery.path} event ${delivery.eventId ?? "without id"}${again}`,
    `  signatures: Standard Webhooks ${verdictOf(delivery.standard)}, X-Preflight ${verdictOf(delivery.preflight)}`,
    `  ${delivery.body}`,
  ].join("\n");
}

function verdictOf(verdict: Verdict | null): string {
  if (verdict === null) return pc.dim("not checked");
  return verdict.accepted ? pc.green("good") : pc.red(`refused (${verdict.reason})`);
}
