export declare const MAIN: string;
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}
/** Run the real command in a process of its own, in `folder`, with nothing of this process's settings. */
export declare function rossmann(
  folder: string,
  words: string[],
  environment?: Record<string, string>,
): Promise<Outcome>;
