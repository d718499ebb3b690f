import { randomUUID } from "node:crypto";
import {
  appendAudit,
  type Db,
  expireSilence,
  insertSilence,
  type StoredAlert,
  type StoredSilence,
} from "@rossmann/warehouse";
import { AlertRequestError } from "./errors.ts";
import { acceptsTheEmptyLabelSet, checkMatcher, type Matcher, matchesAll } from "./matchers.ts";
import { SEVERITIES } from "./policy.ts";

/** A span of time in which matching alerts send no notifications. */
export interface SilenceRequest {
  policyId?: string | null;
  sourceName?: string | null;
  severity?: string | null;
  ruleId?: string | null;
  /** further conditions */
  matchers?: readonly Matcher[];
  /** default: now */
  startsAt?: Date | null;
  endsAt: Date;
  reason?: string;
  /** must be said for a silence that would match every alert */
  matchEverything?: boolean;
}

const DAY_MS = 86_400_000;
const SOURCES = ["train", "store", "future"];
/** The least that any alert is labelled with, at every severity: what matches these words matches whatever stands there. */
const ANY_ALERT = SEVERITIES.map((severity) => ({ policy_id: "qzxwvk", severity, metric_type: "qzxwvk" }));

/** The newest active silence that matches each alert, by alert id. */
export function silencedAlerts(
  alerts: readonly StoredAlert[],
  silences: readonly StoredSilence[],
): ReadonlyMap<string, StoredSilence> {
  const silenced = new Map<string, StoredSilence>();
  for (const alert of alerts) {
    const silence = silences.find(({ matchers }) => matchesAll(matchers, alert.labels));
    if (silence !== undefined) silenced.set(alert.alertId, silence);
  }
  return silenced;
}

/**
 * Add a silence. It mutes notifications from now on; alerts keep their states, and what still fires when it ends is told then.
 *
 * @throws {AlertRequestError} `silence_invalid`: it ends before it starts or has ended already, lasts too long, or matches everything
 *   without saying so
 * @throws {MatcherError} when a matcher cannot be read
 */
export async function createSilence(
  db: Db,
  request: SilenceRequest,
  actor: string,
  limits: { now: Date; maxDays: number },
): Promise<StoredSilence> {
  const refuse = (message: string) => new AlertRequestError("silence_invalid", "invalid", message);
  const startsAt = request.startsAt ?? limits.now;
  if (!(request.endsAt > startsAt)) {
    throw refuse(
      `the silence would end (${request.endsAt.toISOString()}) before it starts (${startsAt.toISOString()})`,
    );
  }
  if (request.endsAt <= limits.now)
    throw refuse(`the silence would have ended already (${request.endsAt.toISOString()})`);
  const days = (request.endsAt.getTime() - Math.max(startsAt.getTime(), limits.now.getTime())) / DAY_MS;
  if (days > limits.maxDays) {
    throw refuse(
      `the silence would last ${Math.ceil(days)} days, ${limits.maxDays} are allowed: choose an earlier end`,
    );
  }

  const policyId = blankToNull(request.policyId);
  const ruleId = blankToNull(request.ruleId);
  const sourceName = blankToNull(request.sourceName)?.toLowerCase() ?? null;
  const severity = blankToNull(request.severity)?.toUpperCase() ?? null;
  if (sourceName !== null && !SOURCES.includes(sourceName))
    throw refuse(`source_name must be one of ${SOURCES.join(", ")}, got "${sourceName}"`);
  if (severity !== null && !(SEVERITIES as readonly string[]).includes(severity)) {
    throw refuse(`severity must be one of ${SEVERITIES.join(", ")}, got "${severity}"`);
  }
  const equals = { policy_id: policyId, source_name: sourceName, severity, rule_id: ruleId };
  const matchers: Matcher[] = [
    ...Object.entries(equals).flatMap(([name, value]) =>
      value === null ? [] : [{ name, operator: "=" as const, value }],
    ),
    ...(request.matchers ?? []).map(checkMatcher),
  ];
  const matchesEverything =
    acceptsTheEmptyLabelSet(matchers) || ANY_ALERT.every((labels) => matchesAll(matchers, labels));
  if (matchesEverything && request.matchEverything !== true) {
    throw refuse(
      "the silence would match every alert: name a policy, source, severity or rule, or say match_everything",
    );
  }
  return db.transaction().execute(async (trx) => {
    const silence = await insertSilence(trx, {
      silenceId: randomUUID().replaceAll("-", ""),
      policyId,
      sourceName,
      severity,
      ruleId,
      matchers,
      startsAt,
      endsAt: request.endsAt,
      reason: request.reason?.trim() ?? "",
      createdBy: actor,
    });
    await appendAudit(trx, [silenceAudit(silence, "SILENCED", actor)]);
    return silence;
  });
}

/**
 * End a silence now. Ending it again changes and audits nothing.
 *
 * @throws {AlertRequestError} `silence_not_found`
 */
export async function endSilence(db: Db, silenceId: string, actor: string): Promise<StoredSilence> {
  return db.transaction().execute(async (trx) => {
    const found = await expireSilence(trx, silenceId);
    if (found === null)
      throw new AlertRequestError("silence_not_found", "not_found", `there is no silence ${silenceId}`);
    if (found.ended) await appendAudit(trx, [silenceAudit(found.silence, "UNSILENCED", actor)]);
    return found.silence;
  });
}

export function silenceAudit(silence: StoredSilence, eventType: "SILENCED" | "UNSILENCED", actor: string) {
  return {
    alertId: silence.policyId ?? `silence:${silence.silenceId}`,
    eventType,
    actor,
    payload: { silence: { ...silence } },
  };
}

function blankToNull(text: string | null | undefined): string | null {
  return text === undefined || text === null || text.trim() === "" ? null : text.trim();
}
