import { connect, isIP, type Socket } from "node:net";
import { createTransport } from "nodemailer";
import type { EmailChannel } from "./channels.ts";
import { type DeliveryRequest, type DeliveryResult, delivered, failed } from "./deliver.ts";
import { AddressBlockedError, type Guard } from "./guard.ts";
import { type NotificationMessage, textOf } from "./message.ts";

/** Sends plain-text mail through a relay; the relay's address is guarded like any other. */
export function createEmailSender(guard: Guard) {
  const transports = new Map<string, ReturnType<typeof transportOf>>();
  return {
    async send(channel: EmailChannel, request: DeliveryRequest): Promise<DeliveryResult> {
      const key = `${channel.id} ${channel.smtpUrl} ${channel.timeoutMs}`;
      const transport = transports.get(key) ?? transportOf(channel, guard);
      transports.set(key, transport);
      const { subject, text } = textOf(JSON.parse(request.payload) as NotificationMessage);
      try {
        const sent = await transport.sendMail({
          from: channel.from,
          to: channel.to,
          subject,
          text,
          // The same over retries, so that mail programs drop doubles.
          messageId: `<${request.eventId}@rossmann.local>`,
          headers: { "X-Preflight-Event-Id": request.eventId, "X-Preflight-Delivery-Id": request.deliveryId },
        });
        return delivered(null, String(sent.response ?? "").slice(0, 500));
      } catch (error) {
        return failureOf(error);
      }
    },
    close(): void {
      for (const transport of transports.values()) transport.close();
      transports.clear();
    },
  };
}

function transportOf(channel: EmailChannel, guard: Guard) {
  const url = new URL(channel.smtpUrl);
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 465 : 587) : Number(url.port);
  return createTransport({
    host,
    port,
    secure,
    auth:
      url.username === ""
        ? undefined
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    connectionTimeout: channel.timeoutMs,
    greetingTimeout: channel.timeoutMs,
    socketTimeout: channel.timeoutMs,
    getSocket: (_options, callback) => {
      guardedSocket(guard, host, port, channel.timeoutMs).then(
        (connection) => callback(null, { connection }),
        (error: Error) => callback(error, false),
      );
    },
  });
}

function guardedSocket(guard: Guard, host: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const reason = isIP(host) === 0 ? null : guard.refusal(host);
    if (reason !== null) return reject(new AddressBlockedError(`the mail relay's address ${reason}`));
    const socket = connect({ host, port, lookup: guard.lookup });
    const timer = setTimeout(() => socket.destroy(new Error("timed out")), timeoutMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeListener("error", reject);
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function failureOf(error: unknown): DeliveryResult {
  if (error instanceof AddressBlockedError) return failed("ADDRESS_BLOCKED", error.message);
  const details = error as { code?: string; responseCode?: number };
  if (details.code === "ETIMEDOUT" || (error instanceof Error && error.message === "timed out")) {
    return failed("TIMEOUT", "the mail relay did not answer in time", { isOverload: true });
  }
  const answer = details.responseCode === undefined ? "" : ` (SMTP ${details.responseCode})`;
  const reason = details.code === "EAUTH" ? "refuses the user or password" : "did not take the mail";
  return failed("SMTP_ERROR", `the mail relay ${reason}${answer}`);
}
