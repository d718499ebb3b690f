import { beforeAll, describe, expect, it } from "vitest";
import { sampleChain } from "../test/sample-chain.ts";
import { decodeArtifact, encodeArtifact } from "./artifact.ts";
import { ArtifactError } from "./errors.ts";
import { type Learned, learn } from "./learn.ts";
import { metadataOf } from "./metadata.ts";
import { allStores } from "./model.ts";
import { buildPanel } from "./panel.ts";
import { forecastPoints } from "./trained-model.ts";

const panel = buildPanel(sampleChain({ stores: 8, days: 820, future: 42, noise: 0.08 }));
const options = { profile: "quick", seed: 7 } as const;
let learned: Learned;
let bytes: Buffer;
beforeAll(async () => {
  learned = await learn(panel, options);
  bytes = encodeArtifact(learned.trained);
});

describe("a model file", () => {
  it("forecasts the same after it was read", () => {
    const read = decodeArtifact(bytes);
    const before = forecastPoints(learned.trained, panel, allStores(panel), 180);
    expect(forecastPoints(read, panel, allStores(panel), 180)).toEqual(before);
    expect(read.intervals).toEqual(learned.trained.intervals);
    expect(encodeArtifact(read).equals(bytes)).toBe(true);
  });

  it("has the same bytes after a second training with the same seed", async () => {
    const again = await learn(panel, options);
    expect(encodeArtifact(again.trained).equals(bytes)).toBe(true);
    expect(metadataOf(again, panel, options)).toEqual(metadataOf(learned, panel, options));
  });

  it("is refused at every length it can be cut to", () => {
    for (const share of [0, 0.001, 0.1, 0.5, 0.9, 0.9999]) {
      expect(() => decodeArtifact(bytes.subarray(0, Math.floor(bytes.length * share)))).toThrow(/was cut/);
    }
  });

  it("is refused when a single figure was edited", () => {
    const text = bytes.toString();
    const edited = text.replace(/"trained_to":(\d+)/, (_, day) => `"trained_to":${Number(day) + 1}`);
    expect(edited).not.toBe(text);
    expect(() => decodeArtifact(Buffer.from(edited))).toThrow(/edited or damaged/);
  });

  it("is refused when it is another program's, of another version, or no object", () => {
    expect(() => decodeArtifact(Buffer.from('{"oblivious_trees":[]}'))).toThrow(
      /not one of ours \(format null\)/,
    );
    const newer = bytes.toString().replace('"version":1', '"version":9');
    expect(() => decodeArtifact(Buffer.from(newer))).toThrow(/of version 9, this program reads 1/);
    expect(() => decodeArtifact(Buffer.from("[1,2]"))).toThrow(ArtifactError);
  });
});
