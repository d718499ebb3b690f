import { LOCAL_CALLER } from "../access.ts";
import type { Api } from "../api.ts";

/** Every request knows who asks. */
export function addAccess(app: Api): void {
  app.decorateRequest("caller", { getter: () => LOCAL_CALLER });
}
