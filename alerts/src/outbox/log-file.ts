import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LogChannel } from "./channels.ts";
import { type DeliveryRequest, type DeliveryResult, delivered, failed } from "./deliver.ts";
import { bodyOf } from "./message.ts";

/** Appends the notification as one line of JSON; lines of several processes do not mix. */
export async function appendToLog(
  folder: string,
  channel: LogChannel,
  request: DeliveryRequest,
): Promise<DeliveryResult> {
  try {
    await mkdir(folder, { recursive: true });
    await appendFile(
      join(folder, channel.path),
      `${bodyOf(request.payload, request.deliveryId, request.replayedFromId)}\n`,
    );
    return delivered(null, null);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    return failed("LOG_ERROR", `the log file could not be written${code}`);
  }
}
