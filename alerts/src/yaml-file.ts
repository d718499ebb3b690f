import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { ConfigFileError, type FileMistake } from "./errors.ts";

const MAX_BYTES = 1_000_000;

export interface YamlSource {
  /** as shown in messages */
  path: string;
  text: string;
  refusal: "policy_file_refused" | "channel_file_refused";
}

/**
 * Parse a YAML 1.2 text against a strict schema.
 *
 * @returns what the schema made of it; an empty file counts as an empty mapping
 * @throws {ConfigFileError} with every mistake and the line it stands on: syntax, double keys, unknown keys, wrong types,
 *   and whatever the schema itself refuses
 */
export function parseYamlFile<Schema extends z.ZodType>(
  schema: Schema,
  source: YamlSource,
): z.output<Schema> {
  const refuse = (mistakes: FileMistake[]) => new ConfigFileError(source.refusal, source.path, mistakes);
  if (Buffer.byteLength(source.text) > MAX_BYTES) {
    throw refuse([{ line: 1, where: "", message: `the file is larger than ${MAX_BYTES} bytes` }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw refuse(
      document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        where: "",
        message: error.message,
      })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    throw refuse([{ line: 1, where: "", message: error instanceof Error ? error.message : String(error) }]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;

  const lineOf = (path: PropertyKey[]): number => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const lineOfKey = (path: PropertyKey[], key: string): number => {
    const map = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    return isScalar(pair?.key) && pair.key.range ? lines.linePos(pair.key.range[0]).line : lineOf(path);
  };
  const mistakes = parsed.error.issues.flatMap((issue): FileMistake[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        line: lineOfKey(issue.path, key),
        where: formatPath([...issue.path, key]),
        message: "there is no such key",
      }));
    }
    return [{ line: lineOf(issue.path), where: formatPath(issue.path), message: issue.message }];
  });
  throw refuse(mistakes.sort((a, b) => a.line - b.line));
}

function formatPath(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : `${text}${text === "" ? "" : "."}${String(part)}`,
    "",
  );
}
