/** What became of one request. */
export interface Fate {
  /** refused: nobody listened; dropped: the connection was taken but no whole answer came */
  kind: "answered" | "refused" | "dropped";
  status: number | null;
  ms: number;
}
export interface SteadyLoad {
  fates: Fate[];
  /** ask nothing more and wait for what is under way */
  stop(): Promise<void>;
}
/**
 * Ask at a constant rate, whether answers come or not, each time on a connection of its own.
 *
 * @param paths asked in turn
 */
export declare function steadyLoad(url: string, paths: readonly string[], perSecond: number): SteadyLoad;
/** One request and what becomes of it. */
export declare function ask(url: string): Promise<Fate>;
/** Wait until a condition holds, for ever if need be: the caller has its own limit. */
export declare function until(holds: () => boolean | Promise<boolean>): Promise<void>;
