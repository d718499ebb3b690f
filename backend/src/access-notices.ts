import type { Settings } from "@rossmann/core";
import { isLoopback } from "./access.ts";

/**
 * What whoever starts the server has to know of who may do what: one sentence per switch that opens a door, and one when the
 * server can be reached from elsewhere. Empty for an ordinary start.
 *
 * @param host address it listens on
 */
export function accessNotices(settings: Settings, host: string): string[] {
  const whoever = isLoopback(host) ? "everybody on this machine" : "EVERYBODY WHO REACHES THIS ADDRESS";
  const notices: string[] = [];
  if (!settings.DIAGNOSTICS_AUTH_ENABLED) {
    notices.push(
      `DIAGNOSTICS_AUTH_ENABLED=0: ${whoever} may read, change and administer the diagnostics without a key`,
    );
  } else if (settings.DIAGNOSTICS_AUTH_ALLOW_LEGACY_ACTOR) {
    notices.push(
      `DIAGNOSTICS_AUTH_ALLOW_LEGACY_ACTOR=1: ${whoever} may read, change and administer the diagnostics by leaving out the key`,
    );
  }
  if (settings.DIAGNOSTICS_METRICS_AUTH_DISABLED) {
    notices.push(`DIAGNOSTICS_METRICS_AUTH_DISABLED=1: ${whoever} may read the metrics without a key`);
  }
  if (!isLoopback(host)) {
    notices.push(
      `listening on ${host}, not on this machine alone: everything but health asks for a key (rossmann keys create), and without TLS in front of it keys travel in clear`,
    );
  }
  return notices;
}
