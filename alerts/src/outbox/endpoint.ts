import { appendAudit, type Db, enableEndpoint } from "@rossmann/warehouse";

/**
 * Let notifications go to a disabled endpoint again; what has waited goes out at the next round.
 *
 * @returns false when it was not disabled: nothing is changed or audited then
 */
export async function enableChannel(db: Db, channelTarget: string, actor: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const enabled = await enableEndpoint(trx, channelTarget);
    if (enabled)
      await appendAudit(trx, [
        { alertId: `endpoint:${channelTarget}`, eventType: "ENDPOINT_ENABLED", actor, payload: {} },
      ]);
    return enabled;
  });
}
