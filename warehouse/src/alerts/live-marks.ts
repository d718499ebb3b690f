import { sql } from "kysely";
import type { Db } from "../db.ts";

/** Numbers that grow, or at least change, with everything worth looking at anew; what they count does not matter. */
export interface LiveMarks {
  /** changes of alerts' states */
  alerts: number;
  /** what people did: silences, acknowledgements, replays, endpoints */
  actions: number;
  /** evaluations of the policies: values may be others, also where no state changed */
  evaluations: number;
  /** notifications that were made, attempts that were begun and ended */
  deliveries: number;
}

/** A handful of counters and one small table are read, however much history there is. */
export async function readLiveMarks(db: Db): Promise<LiveMarks> {
  const { rows } = await sql<LiveMarks>`
    with counted as (
      select name, sum(value) as value from metric_counter
      where name in ('preflight_alert_transitions_total', 'preflight_alert_actions_total',
        'preflight_notifications_attempts_total', 'preflight_notifications_replays_total')
      group by name
    )
    select
      coalesce((select value from counted where name = 'preflight_alert_transitions_total'), 0) as alerts,
      coalesce((select value from counted where name = 'preflight_alert_actions_total'), 0) as actions,
      coalesce((select max(evaluation_no) from preflight_alert_policy_health), 0) as evaluations,
      coalesce((select sum(value) from counted where name like 'preflight_notifications_%'), 0)
        + coalesce((select sum(value) from preflight_notification_outbox_count), 0)::double precision / 2 as deliveries
  `.execute(db);
  return rows[0]!;
}
