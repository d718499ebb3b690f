import type { Channel } from "./channels.ts";
import { createEmailSender } from "./email.ts";
import type { Guard } from "./guard.ts";
import { createHttpSender } from "./http.ts";
import { appendToLog } from "./log-file.ts";

/** One attempt to hand a notification over. */
export interface DeliveryRequest {
  eventId: string;
  deliveryId: string;
  replayedFromId: string | null;
  /** JSON object as stored in the outbox */
  payload: string;
}

/** How an attempt ended. Texts name no address and no secret. */
export interface DeliveryResult {
  delivered: boolean;
  httpStatus: number | null;
  /** null when delivered */
  errorCode: DeliveryErrorCode | null;
  errorMessage: string | null;
  /** 429, 502, 504 or no answer in time: at least a minute of rest */
  isOverload: boolean;
  retryAfterMs: number | null;
  /** 410: the receiver wants no more of this */
  isGone: boolean;
  /** beginning of the answer; null when there was none */
  responseExcerpt: string | null;
}

export type DeliveryErrorCode =
  | "HTTP_ERROR"
  | "ENDPOINT_GONE"
  | "TIMEOUT"
  | "NETWORK_ERROR"
  | "TLS_ERROR"
  | "ADDRESS_BLOCKED"
  | "SMTP_ERROR"
  | "LOG_ERROR"
  | "UNEXPECTED_ERROR";

/** The postman: tries once and says how it went; whether to try again is not his to decide. He never throws. */
export interface Postman {
  deliver(channel: Channel, request: DeliveryRequest): Promise<DeliveryResult>;
  /** closes the connections that are kept open */
  close(): Promise<void>;
}

export const delivered = (httpStatus: number | null, responseExcerpt: string | null): DeliveryResult => ({
  delivered: true,
  httpStatus,
  errorCode: null,
  errorMessage: null,
  isOverload: false,
  retryAfterMs: null,
  isGone: false,
  responseExcerpt,
});

export const failed = (
  errorCode: DeliveryErrorCode,
  errorMessage: string,
  more: Partial<DeliveryResult> = {},
): DeliveryResult => ({
  ...delivered(null, null),
  delivered: false,
  errorCode,
  errorMessage: errorMessage.replaceAll(/\s+/g, " ").slice(0, 240),
  ...more,
});

/**
 * @param logFolder where channels of type log write
 * @param nowMs     clock for signatures and `Retry-After` dates
 */
export function createPostman(parts: { guard: Guard; logFolder: string; nowMs: () => number }): Postman {
  const http = createHttpSender(parts.guard, parts.nowMs);
  const email = createEmailSender(parts.guard);
  return {
    async deliver(channel, request) {
      try {
        if (channel.type === "email") return await email.send(channel, request);
        if (channel.type === "log") return await appendToLog(parts.logFolder, channel, request);
        return await http.send(channel, request);
      } catch {
        // Whatever it was, its text may hold an address or a secret.
        return failed("UNEXPECTED_ERROR", "the delivery failed in an unexpected way");
      }
    },
    async close() {
      email.close();
      await http.close();
    },
  };
}
