import { type Inhibition, inhibitedAlerts, silencedAlerts } from "@rossmann/alerts";
import {
  activeAcknowledgements,
  activeSilences,
  type Db,
  type StoredAcknowledgement,
  type StoredAlert,
  type StoredSilence,
} from "@rossmann/warehouse";

/** What keeps which alerts quiet now, by alert id. None of it touches a state. */
export interface Quieting {
  silenced: ReadonlyMap<string, StoredSilence>;
  acknowledged: ReadonlyMap<string, StoredAcknowledgement>;
  /** id of the louder alert */
  inhibited: ReadonlyMap<string, string>;
  /** an acknowledgement counts for one firing, or for the one that a pending alert may become */
  belongsTo(acknowledgement: StoredAcknowledgement, alert: StoredAlert): boolean;
}

export async function quietingOf(
  db: Db,
  alerts: readonly StoredAlert[],
  inhibitions: readonly Inhibition[],
): Promise<Quieting> {
  const [silences, acknowledged] = await Promise.all([
    activeSilences(db),
    activeAcknowledgements(
      db,
      alerts.map(({ alertId }) => alertId),
    ),
  ]);
  return {
    silenced: silencedAlerts(alerts, silences),
    acknowledged,
    inhibited: inhibitedAlerts(alerts, inhibitions),
    belongsTo: ({ firingNo }, alert) =>
      firingNo === (alert.status === "PENDING" ? alert.firingNo + 1 : alert.firingNo),
  };
}
