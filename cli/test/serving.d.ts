import { type ChildProcess } from "node:child_process";
/** A command that runs until it is stopped, in a process of its own. */
export interface Serving {
  url: string;
  child: ChildProcess;
  /** exit code, once it has ended */
  ended: Promise<number | null>;
}
/** Start `rossmann serve` or `worker` and wait until it says that it is ready. */
export declare function startServing(
  folder: string,
  words: string[],
  environment: Record<string, string>,
): Promise<Serving>;
/** A line to a server that can be cut and mended. */
export interface Cable {
  port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}
export declare function layCable(host: string, port: number): Promise<Cable>;
