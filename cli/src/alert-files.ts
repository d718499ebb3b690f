import { openAlertFiles } from "@rossmann/alerts";
import { createLogger, messageOf, readEnvironment, type Settings } from "@rossmann/core";
import type { Finding } from "./commands/doctor.ts";

/** Whether the files of policies and channels can be used; a mistake is told with its line. */
export async function examineAlertFiles(settings: Settings): Promise<Finding> {
  const files = openAlertFiles({ settings, environment: readEnvironment(), logger: createLogger("silent") });
  try {
    const { policies } = await files.policies.current();
    const { channels } = await files.channels.current();
    const on = policies.filter(({ enabled }) => enabled).length;
    const open = channels.filter(({ enabled }) => enabled).map(({ id }) => id);
    return {
      name: "alerts",
      ok: true,
      found: `${on} of ${policies.length} policies on; they are told to ${open.join(", ") || "nobody"}`,
    };
  } catch (error) {
    return {
      name: "alerts",
      ok: false,
      found: messageOf(error),
      mend: "mend that line; a file that is refused is not used",
    };
  }
}
