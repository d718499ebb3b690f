import { readFileSync } from "node:fs";
import type { Kernels } from "./kernels.ts";

/** The compiled kernels and a shared memory for them; both can be sent to a worker. */
export interface WasmParts {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
}

const PAGE_BYTES = 65_536;
let compiled: WebAssembly.Module | null | undefined;

/**
 * A shared memory of at least so many bytes, all zero, and the kernels for it.
 *
 * @returns null on a machine whose WebAssembly lacks SIMD or shared memory, or that has not that much memory
 */
export function wasmParts(bytes: number): WasmParts | null {
  compiled ??= compileKernels();
  if (compiled === null) return null;
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    return {
      module: compiled,
      memory: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }),
    };
  } catch {
    return null;
  }
}

export function openKernels({ module, memory }: WasmParts): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Kernels;
}

function compileKernels(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(readFileSync(new URL("../../kernel/kernel.wasm", import.meta.url)));
  } catch {
    return null;
  }
}
