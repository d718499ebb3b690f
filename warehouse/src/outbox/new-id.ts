import { randomUUID } from "node:crypto";

/** An id of a notification, attempt or delivery: 32 hex digits. */
export const newId = (): string => randomUUID().replaceAll("-", "");
