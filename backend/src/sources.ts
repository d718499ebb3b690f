import {
  type Db,
  modelVersionOf,
  resolveDataSource,
  type SourceFootprint,
  sourceFootprint,
} from "@rossmann/warehouse";

/** What the counter knows of a data source before it asks for any figure. */
export interface SourceState {
  id: number;
  name: string;
  /** null before the first load */
  footprint: SourceFootprint | null;
  /** version of the model that serves; null before the first training */
  modelVersion: number | null;
}

export interface Sources {
  /**
   * The state of a source, at most {@link FRESH_MS} old.
   *
   * @param id absent or null for the default source
   * @throws {DataSourceError} when there is none, or it is switched off
   */
  of(id?: number | null): Promise<SourceState>;
  /** A change was made here: the next question asks the database. */
  forget(): void;
}

/** So long may a new load or a new model stay unnoticed; a client that revalidates pays no query meanwhile. */
export const FRESH_MS = 1000;

/** Remembers the state of each source for a moment; requests that come together ask the database once. */
export function createSources(db: Db, now: () => number): Sources {
  const remembered = new Map<number | "default", { state: Promise<SourceState>; askedAt: number }>();
  return {
    of(id) {
      const key = id ?? "default";
      const known = remembered.get(key);
      const time = now();
      // A clock that was set back must not keep a state for longer.
      if (known !== undefined && time >= known.askedAt && time < known.askedAt + FRESH_MS) return known.state;
      const state = readState(db, id);
      remembered.set(key, { state, askedAt: time });
      // A failure is nobody's state: the next request asks again. It also keeps invented ids from filling the memory.
      state.catch(() => remembered.get(key)?.state === state && remembered.delete(key));
      return state;
    },
    forget: () => remembered.clear(),
  };
}

async function readState(db: Db, reference: number | null | undefined): Promise<SourceState> {
  const { id, name } = await resolveDataSource(db, reference);
  const [footprint, modelVersion] = await Promise.all([sourceFootprint(db, id), modelVersionOf(db, id)]);
  return { id, name, footprint, modelVersion };
}
