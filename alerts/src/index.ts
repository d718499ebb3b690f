export { acknowledgeAlert, unacknowledgeAlert } from "./acknowledge.ts";
export { type ChannelDesk, openAlertFiles, openChannelDesk } from "./channel-desk.ts";
export { formatDuration, parseDurationMs } from "./duration.ts";
export * from "./errors.ts";
export { type EvaluatedAlert, labelsOf, outcomeOf } from "./evaluate.ts";
export { inhibitedAlerts } from "./inhibition.ts";
export { alertIdOf, fingerprint, type Labels } from "./labels.ts";
export { type LiveFile, liveFile } from "./live-file.ts";
export { formatMatcher, type Matcher, matchesAll, parseMatcher } from "./matchers.ts";
export { FORECAST_GAUGES, refreshForecastGauges } from "./metrics/forecast-figures.ts";
export { registerSharedMetrics } from "./metrics/shared-metrics.ts";
export {
  type AlertEventType,
  type Channel,
  type ChannelEntry,
  type ChannelFile,
  EVENT_TYPES,
  enabledChannels,
  parseChannels,
} from "./outbox/channels.ts";
export { createPostman, type DeliveryResult, type Postman } from "./outbox/deliver.ts";
export { createDispatcher, type Dispatcher, type DispatchReport } from "./outbox/dispatcher.ts";
export { enableChannel } from "./outbox/endpoint.ts";
export { createGuard, type Guard } from "./outbox/guard.ts";
export type { EventMessage, NotificationMessage } from "./outbox/message.ts";
export { replayDead, replayOne } from "./outbox/replay.ts";
export {
  signedHeaders,
  type Verdict,
  verifyPreflightSignature,
  verifyStandardWebhook,
} from "./outbox/sign.ts";
export { sendTestNotification } from "./outbox/test-notification.ts";
export { newOwnerId } from "./owner-id.ts";
export { type EvaluationReport, evaluatePolicies, previewEvaluation, SCHEDULER_ACTOR } from "./pipeline.ts";
export * from "./policy.ts";
export { type PastFiring, type PolicyPreview, previewPolicy } from "./preview.ts";
export { applyRetention, keepDaysOf, type RetentionRow } from "./retention.ts";
export { type HeldLease, takeLease } from "./schedule/lease.ts";
export { createTicker, type Schedule, type ScheduleOptions, startSchedule } from "./schedule/schedule.ts";
export { createSilence, endSilence, type SilenceRequest, silencedAlerts } from "./silence.ts";
export * from "./state.ts";
export { startUpkeep } from "./upkeep.ts";
export { type SunkDelivery, startWebhookSink, type WebhookSink } from "./webhook-sink.ts";
export {
  type AlertDesk,
  type AlertWorker,
  type DeskParts,
  openAlertDesk,
  startAlertWorker,
} from "./worker.ts";
