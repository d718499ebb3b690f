import { type Db, newSignInCode, SCOPES } from "@rossmann/warehouse";

/** Time for a person to come back to the terminal and click. */
export const LINK_MINUTES = 60;

/**
 * A link that signs one browser in, once, with all rights: whoever may start the platform may do everything in it. The code stands
 * behind `#`, which browsers keep to themselves: no server, proxy or log ever sees it.
 *
 * @param dashboard address of the dashboard; one that listens everywhere is meant from this machine
 */
export async function newSignInLink(db: Db, dashboard: string): Promise<string> {
  const code = await newSignInCode(db, { name: "local", scopes: SCOPES, minutes: LINK_MINUTES });
  const { protocol, host } = new URL(dashboard.replace(/\/\/(0\.0\.0\.0|\[::\])/, "//127.0.0.1"));
  return `${protocol}//${host}/sign-in#code=${code}`;
}
