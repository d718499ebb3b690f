/**
 * The model file: one JSON document with the SHA-256 of its body, checked from top to bottom when it is read, so that a
 * cut, edited or foreign file is refused with the reason and never forecasts garbage. The same training writes the same
 * bytes: nothing in it depends on the clock.
 */
import { createHash } from "node:crypto";
import { HORIZON_GROUPS } from "./backtest/segments.ts";
import { ArtifactError } from "./errors.ts";
import { floatsToText, textToFloat64 } from "./float-text.ts";
import type { ConformalIntervals, IntervalGroup } from "./intervals/conformal.ts";
import { pathToText, textToPath } from "./intervals/totals.ts";
import type { JsonValue, ModelName } from "./model.ts";
import { restoreModel } from "./models.ts";
import { LONGEST_HORIZON } from "./panel.ts";
import type { HorizonPart, TrainedModel } from "./trained-model.ts";

const FORMAT = "rossmann-forecast-model";
const VERSION = 1;

/** The bytes of a trained model. Inverse of {@link decodeArtifact}. */
export function encodeArtifact(trained: TrainedModel): Buffer {
  const body = {
    trained_from: trained.trainedFrom,
    trained_to: trained.trainedTo,
    store_ids: Array.from(trained.storeIds),
    models: Object.fromEntries([...trained.models].map(([name, model]) => [name, model.parameters()])),
    parts: trained.parts.map((part) => ({ to: part.to, name: part.name, members: part.members })),
    intervals: {
      chain_scale: trained.intervals.chainScale,
      scales: floatsToText(trained.intervals.scales),
      groups: trained.intervals.groups.map(writeGroup),
      projected: trained.intervals.projected.map(writeGroup),
    },
    paths: trained.paths.map((path) => ({
      origin: path.origin,
      from: path.from,
      to: path.to,
      values: pathToText(path),
    })),
  };
  const text = JSON.stringify(body);
  return Buffer.from(
    `{"format":"${FORMAT}","version":${VERSION},"sha256":"${sha256(text)}","body":${text}}\n`,
  );
}

const writeGroup = ({ count, quantiles }: IntervalGroup) => ({ count, quantiles: floatsToText(quantiles) });

/** Does this look like a model file of ours, whole or damaged? */
export function isModelFile(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 200)).toString("utf8");
  return new RegExp(`"format"\\s*:\\s*"${FORMAT}"`).test(head);
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * Read a model file.
 *
 * @throws {ArtifactError} naming what is wrong: not JSON (cut), another format or version, a checksum that does not
 *   agree (edited), a part that is missing or of the wrong size
 */
export function decodeArtifact(bytes: Uint8Array): TrainedModel {
  const file = object(parse(bytes), "the file");
  if (file.format !== FORMAT) {
    throw new ArtifactError(`it is not one of ours (format ${JSON.stringify(file.format ?? null)})`);
  }
  if (file.version !== VERSION) {
    throw new ArtifactError(
      `it is of version ${JSON.stringify(file.version)}, this program reads ${VERSION}`,
    );
  }
  const body = object(file.body, "its body");
  if (sha256(JSON.stringify(body)) !== file.sha256) {
    throw new ArtifactError("its checksum does not agree with its content: it was edited or damaged");
  }
  const storeIds = Int32Array.from(list(body.store_ids, "list of stores"), (id) => whole(id, "store id"));
  const models = new Map(
    Object.entries(object(body.models, "models")).map(([name, parameters]) => [
      name as ModelName,
      restoreModel(name, parameters),
    ]),
  );
  return {
    trainedFrom: whole(body.trained_from, "first day"),
    trainedTo: whole(body.trained_to, "last day"),
    storeIds,
    models,
    parts: readParts(body.parts, models),
    intervals: readIntervals(body.intervals, storeIds.length),
    paths: list(body.paths, "error paths").map((each) => {
      const path = object(each, "error path");
      const from = whole(path.from, "first day of an error path");
      const to = whole(path.to, "last day of an error path");
      const origin = typeof path.origin === "number" ? whole(path.origin, "origin of an error path") : null;
      return textToPath(path.values, from, to, storeIds.length, origin);
    }),
  };
}

function parse(bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch (cause) {
    throw new ArtifactError(
      `its ${bytes.byteLength} bytes are not complete JSON: it was cut or is another kind of file`,
      {
        cause,
      },
    );
  }
}

function readParts(value: JsonValue | undefined, models: ReadonlyMap<ModelName, unknown>): HorizonPart[] {
  const parts = list(value, "horizon parts").map((each) => {
    const part = object(each, "horizon part");
    const members = list(part.members, "members of a horizon part").map((one) => {
      const member = object(one, "member of a horizon part");
      const name = member.name as ModelName;
      if (!models.has(name)) throw new ArtifactError(`it uses a model "${name}" that it does not hold`);
      if (typeof member.weight !== "number") throw new ArtifactError(`the weight of "${name}" is missing`);
      return { name, weight: member.weight };
    });
    if (members.length === 0) throw new ArtifactError("a horizon part has no model");
    return { to: whole(part.to, "end of a horizon part"), name: part.name as ModelName, members };
  });
  if (parts.at(-1)?.to !== LONGEST_HORIZON) {
    throw new ArtifactError(`its parts end at day ${parts.at(-1)?.to ?? 0}, expected ${LONGEST_HORIZON}`);
  }
  return parts;
}

function readIntervals(value: JsonValue | undefined, stores: number): ConformalIntervals {
  const intervals = object(value, "intervals");
  if (typeof intervals.chain_scale !== "number") throw new ArtifactError("the chain's scale is missing");
  return {
    chainScale: intervals.chain_scale,
    scales: textToFloat64(intervals.scales, stores, "scales of the stores"),
    groups: readGroups(intervals.groups),
    // Files from before the two kinds of days were told apart know one of them.
    projected: readGroups(intervals.projected ?? intervals.groups),
  };
}

function readGroups(value: JsonValue | undefined): IntervalGroup[] {
  const groups = list(value, "interval groups").map((each) => {
    const group = object(each, "interval group");
    return {
      count: whole(group.count, "count of an interval group"),
      quantiles: textToFloat64(group.quantiles, 399, "quantiles of an interval group"),
    };
  });
  if (groups.length !== HORIZON_GROUPS.length)
    throw new ArtifactError(`it has ${groups.length} interval groups, expected ${HORIZON_GROUPS.length}`);
  return groups;
}

function object(value: JsonValue | undefined, what: string): { readonly [key: string]: JsonValue } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ArtifactError(`${what} is missing or no object`);
  }
  return value as { readonly [key: string]: JsonValue };
}

function list(value: JsonValue | undefined, what: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new ArtifactError(`the ${what} is missing`);
  return value;
}

function whole(value: JsonValue | undefined, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new ArtifactError(`the ${what} is no whole number`);
  }
  return value;
}
