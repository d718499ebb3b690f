import { readFile, stat } from "node:fs/promises";
import { type Logger, messageOf } from "@rossmann/core";
import { ConfigFileError, type FileMistake } from "./errors.ts";
import { configReloadRefused, configReloadSuccess } from "./metrics/process-metrics.ts";

export interface LiveFile<Contents> {
  /** as people know it: never where it lies on this machine */
  readonly name: string;
  /**
   * What the file says now. It is read again when it has changed; when the new text is refused, the last good contents go on
   * working, the refusal is logged once and shows in a metric.
   *
   * @throws {ConfigFileError} when there are no good contents yet
   */
  current(): Promise<Contents>;
  /** why the present text of the file is not in use; null when it is */
  refusal(): ConfigFileError | null;
}

/**
 * A configuration file that may change while we run.
 *
 * @param options `kind` names it in metrics; `name` stands in messages, default the path
 */
export function liveFile<Contents>(options: {
  kind: "policies" | "channels";
  path: string;
  name?: string;
  parse: (text: string, name: string) => Contents;
  logger: Logger;
}): LiveFile<Contents> {
  const { kind, path, name = path, parse, logger } = options;
  const code = kind === "policies" ? "policy_file_refused" : "channel_file_refused";
  let good: { contents: Contents } | null = null;
  let refused: ConfigFileError | null = null;
  let seen = "";
  configReloadRefused.inc({ file: kind }, 0);

  const read = async (): Promise<void> => {
    let version = "missing";
    try {
      const { mtimeMs, size, ino } = await stat(path);
      version = `${mtimeMs} ${size} ${ino}`;
      if (version === seen) return;
      good = { contents: parse(await readFile(path, "utf8"), name) };
      refused = null;
      configReloadSuccess.set({ file: kind }, 1);
    } catch (error) {
      if (version === seen) return;
      refused = asRefusal(code, name, error);
      configReloadSuccess.set({ file: kind }, 0);
      configReloadRefused.inc({ file: kind });
      const meanwhile =
        good === null ? "nothing is in use instead" : "the contents from before go on working";
      logger.error({ file: kind, reason: refused.message }, `a configuration file is refused; ${meanwhile}`);
    }
    seen = version;
  };

  return {
    name,
    async current() {
      await read();
      if (good === null) throw refused ?? new ConfigFileError(code, name, []);
      return good.contents;
    },
    refusal: () => refused,
  };
}

function asRefusal(code: ConfigFileError["code"], path: string, error: unknown): ConfigFileError {
  if (error instanceof ConfigFileError) return error;
  const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
  const mistake: FileMistake = {
    line: 1,
    where: "",
    message: missing ? "there is no such file" : messageOf(error),
  };
  return new ConfigFileError(code === "policy_file_refused" ? code : "channel_file_refused", path, [mistake]);
}
