import { openAlertFiles, openChannelDesk, sendTestNotification } from "@rossmann/alerts";
import { createLogger, readEnvironment } from "@rossmann/core";
import { NotReadyError } from "../errors.ts";
import type { CommandModule } from "../run-cli.ts";

export const notifyCommand: CommandModule = (program, { settings, terminal }) => {
  const notify = program.command("notify").description("notification channels");
  notify
    .command("test")
    .description("send one message that says it is a test, at once and past the outbox")
    .requiredOption("--channel <id>", "channel of the channel file that is switched on")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { channel: string; json?: boolean }) => {
      const logger = createLogger("silent");
      const { channels } = openAlertFiles({ settings: settings(), environment: readEnvironment(), logger });
      const desk = openChannelDesk({ settings: settings(), channels });
      try {
        const file = await desk.channels.current();
        const entry = file.channels.find(({ id }) => id === options.channel);
        if (entry?.channel == null)
          throw new NotReadyError(unusable(options.channel, file.channels, desk.channels.name));
        const startedAt = performance.now();
        const result = await sendTestNotification(desk.postman, entry.channel, new Date());
        const durationMs = Math.round(performance.now() - startedAt);
        if (!result.delivered) process.exitCode = 1;
        if (options.json) {
          const { delivered, httpStatus, errorCode, errorMessage } = result;
          terminal.answer(
            JSON.stringify({ channel: entry.id, delivered, httpStatus, errorCode, errorMessage, durationMs }),
          );
          return;
        }
        const status = result.httpStatus === null ? "" : `, status ${result.httpStatus}`;
        terminal.answer(
          result.delivered
            ? `${entry.id}: delivered in ${durationMs} ms${status}`
            : `${entry.id}: not delivered (${result.errorCode}): ${result.errorMessage}`,
        );
      } finally {
        await desk.close();
      }
    });
};

function unusable(
  channel: string,
  channels: readonly { id: string; enabled: boolean }[],
  fileName: string,
): string {
  const known = channels.find(({ id }) => id === channel);
  if (known !== undefined)
    return `channel ${channel} is switched off in ${fileName}: set enabled: true there`;
  const names = channels.map(({ id }) => id).join(", ");
  return `there is no channel ${channel} in ${fileName}; it has ${names === "" ? "none" : names}`;
}
