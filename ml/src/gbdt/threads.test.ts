import { afterEach, expect, test, vi } from "vitest";
import { draws } from "../../test/gbdt/draws.ts";
import { trainBooster, writeModel } from "./index.ts";

const breakage = vi.hoisted(() => ({ isBroken: false, refused: 0 }));
vi.mock("node:worker_threads", async (original) => {
  const real = await original<typeof import("node:worker_threads")>();
  class Worker extends real.Worker {
    constructor(...args: ConstructorParameters<typeof real.Worker>) {
      if (breakage.isBroken) {
        breakage.refused++;
        throw new Error("no threads here");
      }
      super(...args);
    }
  }
  return { ...real, Worker };
});
afterEach(() => {
  breakage.isBroken = false;
});

test("where no thread can be started, the leader trains alone and the model is the same", async () => {
  const draw = draws(6);
  const columns = [Float32Array.from({ length: 300 }, draw), Float32Array.from({ length: 300 }, draw)];
  const data = {
    columns,
    names: ["x", "y"],
    target: Float64Array.from(columns[0], (x, i) => x * columns[1][i]),
  };
  const together = writeModel(await trainBooster(data, { iterations: 4 }, { threads: 2 }));
  breakage.isBroken = true;
  expect(writeModel(await trainBooster(data, { iterations: 4 }, { threads: 2 }))).toBe(together);
  expect(breakage.refused).toBe(1);
});
