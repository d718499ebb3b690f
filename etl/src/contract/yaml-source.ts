import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { z } from "zod";
import type { ContractMistake } from "./errors.ts";

type Path = readonly PropertyKey[];

/** A YAML text that was parsed against a schema, and still knows where each part stands. */
export interface YamlSource<T> {
  value: T;
  /** line of the value at a path, from 1; of its nearest ancestor when it is absent */
  lineOf: (path: Path) => number;
}

/** Every mistake of a YAML text. */
export class YamlMistakes extends Error {
  readonly mistakes: ContractMistake[];

  constructor(mistakes: ContractMistake[]) {
    super(mistakes.map((mistake) => `line ${mistake.line}: ${mistake.message}`).join("; "));
    this.mistakes = mistakes;
  }
}

/**
 * Parse YAML 1.2 (`off` and `no` are words, not booleans) and check it against a schema.
 *
 * @throws {YamlMistakes} with the line of every mistake: bad syntax, the same key twice, unknown keys with the key that
 *   was probably meant, missing keys, wrong values, and YAML anchors, which could run in circles
 */
export function parseYaml<S extends z.ZodType>(text: string, schema: S): YamlSource<z.infer<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ""), { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line);

  const mistakes: ContractMistake[] = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    path: "",
    message: error.message,
  }));
  visit(document, {
    Alias: (_key, node) => {
      mistakes.push({
        line: lineAt(node.range?.[0]),
        path: "",
        message: `*${node.source} repeats another part of the file by a YAML alias; aliases may run in circles and are not allowed, write the part out`,
      });
    },
  });
  if (mistakes.length > 0) throw new YamlMistakes(mistakes);

  const lineOf = (path: Path): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const parent = document.getIn(path.slice(0, depth - 1), true);
      if (isMap(parent)) {
        const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path[depth - 1]);
        if (isPair(pair) && isNode(pair.key)) return lineAt(pair.key.range?.[0]);
      }
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node)) return lineAt(node.range?.[0]);
    }
    return 1;
  };

  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) throw new YamlMistakes(describeIssues(parsed.error.issues, schema, lineOf));
  return { value: parsed.data, lineOf };
}

/** `["profiles", "train", "columns", 2]` as `profiles.train.columns[2]`. */
export function pathText(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  lineOf: (path: Path) => number,
): ContractMistake[] {
  return issues.flatMap((issue): ContractMistake[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        const meant = nearest(key, knownKeys(schema));
        const hint = meant === null ? "" : `, did you mean "${meant}"?`;
        const where = issue.path.length === 0 ? "" : ` in ${pathText(issue.path)}`;
        return { line: lineOf(path), path: pathText(path), message: `unknown key "${key}"${where}${hint}` };
      });
    }
    const where = pathText(issue.path);
    return [
      {
        line: lineOf(issue.path),
        path: where,
        message: `${where || "the file"}: ${lowerFirst(issue.message)}`,
      },
    ];
  });
}

/** Every key that the schema knows anywhere: enough to guess what a mistyped one meant. */
function knownKeys(schema: z.ZodType): string[] {
  const keys = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    const def = (part as { _zod?: { def?: Record<string, unknown> } })._zod?.def;
    if (def === undefined) return;
    if (def.shape !== undefined) for (const key of Object.keys(def.shape as object)) keys.add(key);
    for (const inner of Object.values(def)) {
      if (Array.isArray(inner)) inner.forEach(walk);
      else if (typeof inner === "object" && inner !== null && "_zod" in inner) walk(inner);
      else if (inner === def.shape) Object.values(inner as object).forEach(walk);
    }
  };
  walk(schema);
  return [...keys];
}

/** The known key that differs in at most a third of its letters, or `null`. */
function nearest(key: string, known: string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(key.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(key.toLowerCase(), candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
