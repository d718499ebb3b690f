import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, resolve } from "node:path";
import { messageOf } from "@rossmann/core";
import { EmbeddedServerError } from "./errors.ts";

/** The system user that the server runs as; null means "as ourselves". */
export type ServerAccount = { uid: number; gid: number } | null;

const ACCOUNT = "postgres";

/**
 * PostgreSQL refuses to run as root. Under root its own system user is used, and made where it is missing.
 *
 * @throws {EmbeddedServerError} when it cannot be made
 */
export function serverAccount(): ServerAccount {
  if (process.platform === "win32" || userInfo().uid !== 0) return null;
  try {
    return idsOf(ACCOUNT);
  } catch {
    // Not there yet.
  }
  try {
    execFileSync("groupadd", ["--force", "--system", ACCOUNT], { stdio: "pipe" });
    execFileSync(
      "useradd",
      ["--system", "--gid", ACCOUNT, "--no-create-home", "--shell", "/bin/false", ACCOUNT],
      { stdio: "pipe" },
    );
    return idsOf(ACCOUNT);
  } catch (error) {
    throw new EmbeddedServerError(
      `PostgreSQL does not run as root, and its system user "${ACCOUNT}" could not be made (${messageOf(error).split("\n")[0]}): make it by hand, run as an ordinary user, or set DATABASE_URL`,
      { cause: error },
    );
  }
}

function idsOf(account: string): { uid: number; gid: number } {
  const id = (flag: string) =>
    Number(execFileSync("id", [flag, account], { encoding: "utf8", stdio: "pipe" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Whether the account can reach a path: every folder above it must let others through, or belong to the account. */
export function isReachable(path: string, account: ServerAccount): boolean {
  if (account === null) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat !== undefined) {
      const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001;
      if ((stat.mode & bit) === 0) return false;
    }
    if (dirname(folder) === folder) return true;
  }
}
