import { createHmac, timingSafeEqual } from "node:crypto";
import { type Db, signingSecret } from "@rossmann/warehouse";
import { HttpRefusal } from "./errors.ts";

/** So long a link can be followed. */
const LINK_SECONDS = 15 * 60;
const PURPOSE = "preflight_download";

/** What a link leads to. */
export interface LinkTarget {
  run_id: string;
  source_name: string;
  artifact_type: string;
}

/** Links that work without a header, as a browser follows them, for a short time and for one file. */
export interface DownloadLinks {
  /** @returns query of the link (which file, `expires`, `signature`) and when it ends */
  sign(target: LinkTarget): Promise<{ query: URLSearchParams; expiresAt: Date }>;
  /** @throws {HttpRefusal} 403 `link_invalid` or `link_expired` */
  check(target: LinkTarget, expires: number, signature: string): Promise<void>;
}

/** @param now clock, in milliseconds since 1970 */
export function createDownloadLinks(db: Db, now: () => number): DownloadLinks {
  let secret: Promise<Buffer> | null = null;
  async function signatureOf(target: LinkTarget, expires: number): Promise<Buffer> {
    secret ??= signingSecret(db, PURPOSE);
    // A database that was away is asked again.
    secret.catch(() => {
      secret = null;
    });
    const { run_id, source_name, artifact_type } = target;
    const text = JSON.stringify([run_id, source_name, artifact_type, expires]);
    return createHmac("sha256", await secret)
      .update(text)
      .digest();
  }
  return {
    async sign(target) {
      const { run_id, source_name } = target;
      const expires = Math.floor(now() / 1000) + LINK_SECONDS;
      const signature = (await signatureOf(target, expires)).toString("base64url");
      return {
        query: new URLSearchParams({ run_id, source_name, expires: String(expires), signature }),
        expiresAt: new Date(expires * 1000),
      };
    },
    async check(target, expires, signature) {
      const given = Buffer.from(signature, "base64url");
      const right = await signatureOf(target, expires);
      if (given.length !== right.length || !timingSafeEqual(given, right))
        throw new HttpRefusal(
          403,
          "link_invalid",
          "this link was not made here or was changed; ask for the list of artifacts again",
        );
      if (expires * 1000 < now())
        throw new HttpRefusal(
          403,
          "link_expired",
          `this link was good until ${new Date(expires * 1000).toISOString()}; ask for the list of artifacts again`,
        );
    },
  };
}
