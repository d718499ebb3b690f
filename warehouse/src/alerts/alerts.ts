import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db.ts";

export type StoredAlertStatus = "OK" | "PENDING" | "FIRING" | "RESOLVED";

/** One alert: the state of one policy for one label set. */
export interface StoredAlert {
  alertId: string;
  policyId: string;
  labels: Record<string, string>;
  status: StoredAlertStatus;
  severity: string;
  sourceName: string | null;
  firingNo: number;
  firstSeenAt: Date | null;
  firedAt: Date | null;
  clearSince: Date | null;
  resolvedAt: Date | null;
  lastSeenAt: Date | null;
  lastEvaluatedAt: Date;
  consecutiveBreaches: number;
  currentValue: number | null;
  threshold: number | null;
  message: string;
  context: Record<string, unknown>;
  policy: Record<string, unknown>;
}

/** A change of an alert's status, with everything as it was then. */
export interface AlertTransition
  extends Omit<StoredAlert, "firedAt" | "clearSince" | "lastEvaluatedAt" | "consecutiveBreaches"> {
  previousStatus: StoredAlertStatus;
  reason: string;
  at: Date;
}

export interface HistoryItem extends AlertTransition {
  id: number;
}

const SEVERITY_RANK = sql`case severity when 'HIGH' then 3 when 'MEDIUM' then 2 else 1 end`;

const alertColumns = sql`
  alert_id as "alertId", policy_id as "policyId", labels_json as labels, status, severity, source_name as "sourceName",
  firing_no as "firingNo", first_seen_at as "firstSeenAt", fired_at as "firedAt", clear_since as "clearSince",
  resolved_at as "resolvedAt", last_seen_at as "lastSeenAt", last_evaluated_at as "lastEvaluatedAt",
  consecutive_breaches as "consecutiveBreaches", current_value as "currentValue", threshold, message,
  evaluation_context_json as context, policy_snapshot_json as policy`;

/** The alerts of some policies, or all of them, held until the transaction ends. */
export async function lockAlerts(trx: Db, policyIds?: readonly string[]): Promise<StoredAlert[]> {
  const { rows } = await sql<StoredAlert>`
    select ${alertColumns} from preflight_alert_state
    where ${policyIds === undefined ? sql`true` : sql`policy_id = any(${[...policyIds]}::text[])`}
    order by alert_id for update
  `.execute(trx);
  return rows;
}

/** Write alerts as they are now; new ones are added. */
export async function saveAlerts(trx: Db, alerts: readonly StoredAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await sql`
    insert into preflight_alert_state (
      alert_id, policy_id, labels_json, status, severity, source_name, firing_no, first_seen_at, fired_at, clear_since,
      resolved_at, last_seen_at, last_evaluated_at, consecutive_breaches, current_value, threshold, message,
      evaluation_context_json, policy_snapshot_json, updated_at)
    select "alertId", "policyId", labels, status, severity, "sourceName", "firingNo", "firstSeenAt", "firedAt", "clearSince",
      "resolvedAt", "lastSeenAt", "lastEvaluatedAt", "consecutiveBreaches", "currentValue", threshold, message,
      context, policy, clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) as a (
      "alertId" text, "policyId" text, labels jsonb, status text, severity text, "sourceName" text, "firingNo" integer,
      "firstSeenAt" timestamptz, "firedAt" timestamptz, "clearSince" timestamptz, "resolvedAt" timestamptz,
      "lastSeenAt" timestamptz, "lastEvaluatedAt" timestamptz, "consecutiveBreaches" integer,
      "currentValue" double precision, threshold double precision, message text, context jsonb, policy jsonb)
    order by "alertId"
    on conflict (alert_id) do update set
      labels_json = excluded.labels_json, status = excluded.status, severity = excluded.severity,
      source_name = excluded.source_name, firing_no = excluded.firing_no, first_seen_at = excluded.first_seen_at,
      fired_at = excluded.fired_at, clear_since = excluded.clear_since, resolved_at = excluded.resolved_at,
      last_seen_at = excluded.last_seen_at, last_evaluated_at = excluded.last_evaluated_at,
      consecutive_breaches = excluded.consecutive_breaches, current_value = excluded.current_value,
      threshold = excluded.threshold, message = excluded.message,
      evaluation_context_json = excluded.evaluation_context_json, policy_snapshot_json = excluded.policy_snapshot_json,
      updated_at = excluded.updated_at
  `.execute(trx);
}

/** Add transitions to the history. */
export async function appendTransitions(trx: Db, transitions: readonly AlertTransition[]): Promise<void> {
  if (transitions.length === 0) return;
  await sql`
    insert into preflight_alert_history (
      alert_id, policy_id, labels_json, previous_status, status, reason, severity, source_name, firing_no, first_seen_at,
      last_seen_at, resolved_at, current_value, threshold, message, evaluation_context_json, policy_snapshot_json, created_at)
    select "alertId", "policyId", labels, "previousStatus", status, reason, severity, "sourceName", "firingNo", "firstSeenAt",
      "lastSeenAt", "resolvedAt", "currentValue", threshold, message, context, policy, "at"
    from jsonb_to_recordset(${JSON.stringify(transitions.map((each, position) => ({ ...each, position })))}::jsonb) as t (
      "alertId" text, "policyId" text, labels jsonb, "previousStatus" text, status text, reason text, severity text,
      "sourceName" text, "firingNo" integer, "firstSeenAt" timestamptz, "lastSeenAt" timestamptz, "resolvedAt" timestamptz,
      "currentValue" double precision, threshold double precision, message text, context jsonb, policy jsonb,
      "at" timestamptz, position integer)
    order by position
  `.execute(trx);
}

interface SourceFilter {
  /** alerts over one data source are left out unless it is one of these; null or absent: all */
  dataSourceIds?: readonly number[] | null;
}

export interface ActiveAlertFilter extends SourceFilter {
  severity?: string;
  sourceName?: string;
  policyId?: string;
  status?: "PENDING" | "FIRING";
  limit?: number;
}

/** Pending and firing alerts, the most severe first, then the latest seen; and how many there are in all. */
export async function listActiveAlerts(
  db: Db,
  filter: ActiveAlertFilter = {},
): Promise<{ total: number; alerts: StoredAlert[] }> {
  const where = allOf([
    sql`status in ('PENDING', 'FIRING')`,
    filter.status === undefined ? null : sql`status = ${filter.status}`,
    filter.severity === undefined ? null : sql`severity = ${filter.severity}`,
    filter.sourceName === undefined ? null : sql`source_name = ${filter.sourceName}`,
    filter.policyId === undefined ? null : sql`policy_id = ${filter.policyId}`,
    ofSources(filter),
  ]);
  const { rows } = await sql<StoredAlert & { total: number }>`
    select ${alertColumns}, count(*) over () as total
    from preflight_alert_state where ${where}
    order by ${SEVERITY_RANK} desc, last_seen_at desc, alert_id
    limit ${filter.limit ?? 200}
  `.execute(db);
  return { total: rows[0]?.total ?? 0, alerts: rows.map(({ total: _, ...alert }) => alert) };
}

/** One alert, in whatever state; null when there never was one of that id. */
export async function findAlert(db: Db, alertId: string): Promise<StoredAlert | null> {
  const { rows } = await sql<StoredAlert>`
    select ${alertColumns} from preflight_alert_state where alert_id = ${alertId}
  `.execute(db);
  return rows[0] ?? null;
}

export interface HistoryFilter extends SourceFilter {
  alertId?: string;
  policyId?: string;
  status?: string;
  severity?: string;
  /** `id` of the last row of the page before */
  after?: number;
  limit?: number;
}

/** Transitions, newest first. */
export async function listAlertHistory(db: Db, filter: HistoryFilter = {}): Promise<HistoryItem[]> {
  const where = allOf([
    filter.alertId === undefined ? null : sql`alert_id = ${filter.alertId}`,
    filter.policyId === undefined ? null : sql`policy_id = ${filter.policyId}`,
    filter.status === undefined ? null : sql`status = ${filter.status}`,
    filter.severity === undefined ? null : sql`severity = ${filter.severity}`,
    filter.after === undefined ? null : sql`id < ${filter.after}::bigint`,
    ofSources(filter),
  ]);
  const { rows } = await sql<HistoryItem>`
    select id, alert_id as "alertId", policy_id as "policyId", labels_json as labels, previous_status as "previousStatus",
      status, reason, severity, source_name as "sourceName", firing_no as "firingNo", first_seen_at as "firstSeenAt",
      last_seen_at as "lastSeenAt", resolved_at as "resolvedAt", current_value as "currentValue", threshold, message,
      evaluation_context_json as context, policy_snapshot_json as policy, created_at as "at"
    from preflight_alert_history where ${where}
    order by id desc limit ${filter.limit ?? 50}
  `.execute(db);
  return rows;
}

function ofSources({ dataSourceIds }: SourceFilter): RawBuilder<unknown> | null {
  if (dataSourceIds == null) return null;
  return sql`coalesce(labels_json ->> 'data_source' = any(${dataSourceIds.map(String)}::text[]), true)`;
}

/** Conditions joined by "and"; null ones are left out. */
export function allOf(conditions: readonly (RawBuilder<unknown> | null)[]): RawBuilder<unknown> {
  const given = conditions.filter((condition) => condition !== null);
  return given.length === 0 ? sql`true` : sql.join(given, sql` and `);
}
