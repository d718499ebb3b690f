import type { Kernels } from "./kernels.ts";
import { createLoss, type LossFunction } from "./loss.ts";
import { type Layout, type Region, SCRATCH_BYTES, scratchBytes } from "./memory.ts";
import type { BoosterParams } from "./params.ts";
import { plainKernels } from "./plain-kernels.ts";

/** What every thread of a training holds: the same buffer, its own views, its own kernels. */
export interface Workspace {
  layout: Layout;
  params: BoosterParams;
  loss: LossFunction;
  kernels: Kernels;
  /** 0 is the thread that leads */
  thread: number;
  buffer: ArrayBufferLike;
  doubles: (region: Region, length?: number, offset?: number) => Float64Array;
  words: (region: Region, length?: number, offset?: number) => Int32Array;
  bytes: (region: Region, length?: number, offset?: number) => Uint8Array;
  halves: (region: Region, length?: number, offset?: number) => Uint16Array;
  /** place of this thread's scratch; it begins with the packed histogram, which has to be left zero */
  scratch: number;
  /** place of the rest of it, SCRATCH_BYTES free for any use */
  freeScratch: number;
}

/** All that a thread needs to build its workspace; plain data, so that it can be sent to a worker. */
export interface WorkspaceSeed {
  buffer: ArrayBufferLike;
  layout: Layout;
  params: BoosterParams;
}

/** @param kernels those of this thread's machine code; plain ones when left out */
export function openWorkspace(seed: WorkspaceSeed, thread: number, kernels?: Kernels): Workspace {
  const { buffer, layout, params } = seed;
  const rest = (bytesPerElement: number, region: Region, offset: number) =>
    Math.floor((layout.bytes - layout.at[region]) / bytesPerElement) - offset;
  return {
    layout,
    params,
    loss: createLoss(params.loss),
    kernels: kernels ?? plainKernels(buffer),
    thread,
    doubles: (region, length, offset = 0) =>
      new Float64Array(buffer, layout.at[region] + 8 * offset, length ?? rest(8, region, offset)),
    words: (region, length, offset = 0) =>
      new Int32Array(buffer, layout.at[region] + 4 * offset, length ?? rest(4, region, offset)),
    bytes: (region, length, offset = 0) =>
      new Uint8Array(buffer, layout.at[region] + offset, length ?? rest(1, region, offset)),
    halves: (region, length, offset = 0) =>
      new Uint16Array(buffer, layout.at[region] + 2 * offset, length ?? rest(2, region, offset)),
    scratch: layout.at.scratch + thread * scratchBytes(layout.cells),
    freeScratch: layout.at.scratch + (thread + 1) * scratchBytes(layout.cells) - SCRATCH_BYTES,
    buffer,
  };
}

/** Weights of the rows, or null when every row weighs 1. */
export function rowWeights({ layout, doubles }: Workspace): Float64Array | null {
  return layout.hasRowWeights ? doubles("weight", layout.rows) : null;
}
