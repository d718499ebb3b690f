import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { beforeEach, describe, expect, test } from "vitest";
import { draws } from "../../test/gbdt/draws.ts";
import type { Kernels } from "./kernels.ts";
import { mvsThreshold, plainKernels } from "./plain-kernels.ts";
import { openKernels, wasmParts } from "./wasm.ts";

const BYTES = 2 ** 21;
const parts = wasmParts(BYTES);
if (parts === null) throw new Error("this machine has no WebAssembly with SIMD and shared memory to test");
const compiled = { buffer: parts.memory.buffer as ArrayBufferLike, kernels: openKernels(parts) };
const plainBuffer = new ArrayBuffer(BYTES);
const plain = { buffer: plainBuffer as ArrayBufferLike, kernels: plainKernels(plainBuffer) };
const both = [compiled, plain];

/** Runs the same on both machines' memories and gives what each left at a place. */
function afterBoth(
  prepare: (buffer: ArrayBufferLike) => void,
  run: (kernels: Kernels) => unknown,
  result: (buffer: ArrayBufferLike) => ArrayLike<number>,
): [number[], number[]] {
  const [ours, theirs] = both.map(({ buffer, kernels }) => {
    new Uint8Array(buffer).fill(0);
    prepare(buffer);
    const returned = run(kernels);
    return [...Array.from(result(buffer)), ...(typeof returned === "number" ? [returned] : [])];
  });
  return [ours, theirs];
}

describe("each compiled kernel leaves the same bits as its plain twin", () => {
  let draw = draws(1);
  beforeEach(() => {
    draw = draws(1);
  });
  const normalish = () => draw() + draw() + draw() - 1.5;

  test.each([
    ["all rows, weights of 1", false, 0, 1],
    ["listed rows, weights of 1", true, 0, 1],
    ["listed rows with weights", true, 1, 1],
    ["many small flushes", true, 1, 16],
  ])("pack and histogram: %s", (_title, isListed, isWeighted, flushes) => {
    const rows = 5000;
    const features = 13;
    const bins = 17;
    const place = {
      bins: 4096,
      packed: 200_000,
      weight: 300_000,
      order: 400_000,
      scratch: 500_000,
      out: 700_000,
    };
    const gradients = Float64Array.from({ length: rows }, normalish);
    const weights = Float64Array.from({ length: rows }, draw);
    const codes = Uint8Array.from({ length: rows * 16 }, () => Math.floor(draw() * bins));
    const listed = Int32Array.from([...Array(rows).keys()].filter(() => draw() < 0.6));
    const [ours, theirs] = afterBoth(
      (buffer) => {
        new Uint8Array(buffer, place.bins).set(codes);
        new Float64Array(buffer, place.packed).set(gradients);
        new Float64Array(buffer, place.weight).set(weights);
        new Int32Array(buffer, place.order).set(listed);
      },
      (kernels) => {
        const weight = isWeighted === 1 ? place.weight : 0;
        const bits = isWeighted === 1 ? 29 : 15;
        kernels.pack(place.packed, weight, 0, rows, 2 ** 18, 2 ** 16, bits);
        const order = isListed ? place.order : 0;
        const end = isListed ? listed.length : rows;
        const flushRows = flushes === 1 ? 4096 : 200;
        kernels.histogram(
          place.bins,
          16,
          features,
          bins,
          place.packed,
          weight,
          order,
          3,
          end,
          2 ** 18,
          2 ** 16,
          bits,
          flushRows,
          place.scratch,
          place.out,
        );
      },
      (buffer) => new Float64Array(buffer, place.out, 2 * features * bins),
    );
    expect(ours).toEqual(theirs);
    expect(ours.some((value) => value !== 0)).toBe(true);
  });

  test("scan", () => {
    const features = 5;
    const bins = 9;
    const leaves = 4;
    const borderCounts = [bins - 1, bins - 1, 3, bins - 1, 1];
    const cells = features * bins;
    const [ours, theirs] = afterBoth(
      (buffer) => {
        draw = draws(2);
        // Whole numbers, and the same totals for every feature of a leaf, as in a real histogram.
        for (let leaf = 0; leaf < leaves; leaf++)
          for (let feature = 0; feature < features; feature++) {
            const cell = new Float64Array(buffer, 8192 + (leaf * cells + feature * bins) * 16, 2 * bins);
            for (let unit = 0; unit < 100; unit++) {
              const bin = Math.floor(draw() * (leaf === 3 ? 2 : borderCounts[feature] + 1));
              cell[2 * bin] += (unit % 7) - 3;
              cell[2 * bin + 1] += 1;
            }
          }
        new Int32Array(buffer, 4096).set([...Array(leaves).keys()].map((leaf) => 8192 + leaf * cells * 16));
        new Int32Array(buffer, 4160).set(borderCounts);
        new Int32Array(buffer, 4224).set([0, 1, -1, 0, 0]);
      },
      (kernels) => {
        kernels.scan(4096, 2, 0, features, bins, 4160, 0.7, 100_032, 0, 4224);
        kernels.scan(4104, 2, 1, features, bins, 4160, 0.7, 100_032, 1, 0);
      },
      (buffer) => new Float64Array(buffer, 100_032, 2 * cells),
    );
    expect(ours).toEqual(theirs);
  });

  test("partition keeps the order on both sides", () => {
    const rows = 1000;
    const column = Uint8Array.from({ length: rows }, () => Math.floor(draw() * 10));
    const [ours, theirs] = afterBoth(
      (buffer) => {
        new Int32Array(buffer, 4096).set([...Array(rows).keys()]);
        new Uint8Array(buffer, 16_384).set(column);
      },
      (kernels) => kernels.partition(4096, 10, 900, 16_384, 4, 32_768),
      (buffer) => new Int32Array(buffer, 4096, rows),
    );
    expect(ours).toEqual(theirs);
    const middle = [...Array(rows).keys()].slice(10, 900);
    const expected = [
      ...middle.filter((row) => column[row] <= 4),
      ...middle.filter((row) => column[row] > 4),
    ];
    expect(ours.slice(10, 900)).toEqual(expected);
  });

  test("leafIndex, up to sixteen splits", () => {
    const rows = 400;
    const columns = Uint8Array.from({ length: 16 * 512 }, () => Math.floor(draw() * 256));
    const [ours, theirs] = afterBoth(
      (buffer) => {
        new Uint8Array(buffer, 8192).set(columns);
        new Int32Array(buffer, 4096).set([...Array(16).keys()].flatMap((j) => [8192 + 512 * j, 100 + 8 * j]));
      },
      (kernels) => kernels.leafIndex(4096, 16, 0, rows, 32_768),
      (buffer) => new Uint16Array(buffer, 32_768, rows),
    );
    expect(ours).toEqual(theirs);
    expect(new Set(ours).size).toBeGreaterThan(300);
  });

  test("binarise, with NaN, infinities and values on a border", () => {
    const borders = Float32Array.from([-2, -0.5, 0, 0.25, 3]);
    const values = Float32Array.from([
      -3,
      -2,
      -1,
      -0.5,
      0,
      0.1,
      0.25,
      0.26,
      3,
      4,
      Number.NaN,
      Infinity,
      -Infinity,
    ]);
    for (let count = 1; count <= borders.length; count++) {
      const [ours, theirs] = afterBoth(
        (buffer) => {
          new Float32Array(buffer, 4096).set(values);
          new Float32Array(buffer, 8192).set(borders.subarray(0, count));
        },
        (kernels) => kernels.binarise(4096, values.length, 8192, count, 77, 12_288),
        (buffer) => new Uint8Array(buffer, 12_288, values.length),
      );
      expect(ours).toEqual(theirs);
      const expected = Array.from(values, (v) =>
        Number.isNaN(v) ? 77 : borders.subarray(0, count).filter((border) => border < v).length,
      );
      expect(ours).toEqual(expected);
    }
  });

  test.each([1, 3])("sampleRows with %i outputs keeps about the share asked for", (outputs) => {
    const rows = 20_001;
    const place = { packed: 4096, weights: 600_000, order: 800_000, sizes: 900_000, maxima: 1_000_000 };
    const gradients = Float64Array.from({ length: rows * outputs }, normalish);
    const [ours, theirs] = afterBoth(
      (buffer) => new Float64Array(buffer, place.packed).set(gradients),
      (kernels) =>
        kernels.sampleRows(
          place.packed,
          outputs,
          rows,
          0,
          place.weights,
          place.order,
          0,
          rows,
          0,
          0.1,
          0.6,
          1234,
          place.sizes,
          place.maxima,
        ),
      (buffer) => [
        ...new Int32Array(buffer, place.order, 11_000),
        ...new Float64Array(buffer, place.weights, rows),
        ...new Float64Array(buffer, place.packed, rows * outputs),
        ...new Float64Array(buffer, place.maxima, 2),
      ],
    );
    expect(ours).toEqual(theirs);
    expect(ours.at(-1) as number).toBeCloseTo(0.6 * rows, -3);
  });

  test("sumByLeaf, with and without weights", () => {
    const rows = 500;
    for (const weight of [0, 40_000]) {
      const [ours, theirs] = afterBoth(
        (buffer) => {
          draw = draws(3);
          new Float64Array(buffer, 4096, rows).set(Array.from({ length: rows }, normalish));
          new Uint16Array(buffer, 16_384, rows).set(
            Array.from({ length: rows }, () => Math.floor(draw() * 8)),
          );
          new Float64Array(buffer, 40_000, rows).set(Array.from({ length: rows }, draw));
        },
        (kernels) => kernels.sumByLeaf(4096, weight, 16_384, rows, 2, 60_000 & ~15),
        (buffer) => new Float64Array(buffer, 60_000 & ~15, 32),
      );
      expect(ours).toEqual(theirs);
    }
  });
});

test("mvsThreshold shares out the rate exactly", () => {
  const draw = draws(5);
  for (const count of [1, 2, 7, 1000])
    for (const rate of [0.1, 0.8, 0.99]) {
      const sizes = Float64Array.from({ length: count }, () => draw() ** 3);
      const threshold = mvsThreshold(sizes, rate);
      const expected = sizes.reduce((sum, size) => sum + Math.min(1, size / threshold), 0);
      expect(expected).toBeCloseTo(rate * count, 9);
    }
});

test("kernel.wasm is what its sources compile to, byte for byte", async () => {
  const folder = fileURLToPath(new URL("../../kernel/", import.meta.url));
  let made: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["--config", "asconfig.json", "--outFile", "made.wasm", "--baseDir", folder],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(`${base}/${name}`, "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) made = contents as Uint8Array;
      },
    },
  );
  expect(error, stderr.toString()).toBeNull();
  expect(Buffer.compare(Buffer.from(made as Uint8Array), readFileSync(`${folder}kernel.wasm`))).toBe(0);
});
