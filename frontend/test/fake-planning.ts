import type { Batch, BatchBody, PlanningRun } from "@rossmann/backend";
import { fakeBatch } from "./fake-batch.ts";
import type { FakeChain } from "./fake-chain.ts";

export interface FakeAnswer {
  status: number;
  /** A text is the reason of a refusal. */
  body: unknown;
}

export interface FakePlanning {
  /** null = not a route of planning. */
  answer: (method: string, path: string, body: unknown, query?: URLSearchParams) => FakeAnswer | null;
}

const ok = (body: unknown): FakeAnswer => ({ status: 200, body });
const refused = (status: number, why: string): FakeAnswer => ({ status, body: why });

interface Running {
  run: PlanningRun;
  polls: number;
  answer: () => PlanningRun["result"];
}

/** The planning routes of the API over the made-up chain. A run that was begun is done after `polls` questions. */
export function fakePlanning(
  chain: FakeChain,
  { polls = 3, failing = [] as readonly number[] } = {},
): FakePlanning {
  const runs = new Map<string, Running>();

  const storesOf = (body: BatchBody): number[] => {
    const { segment } = body;
    if (body.all_stores) return chain.stores.map((store) => store.store_id);
    if (segment)
      return chain.stores
        .filter(
          (store) =>
            (segment.store_type == null || store.store_type === segment.store_type) &&
            (segment.assortment == null || store.assortment === segment.assortment) &&
            (segment.promo2 == null || store.promo2 === segment.promo2),
        )
        .map((store) => store.store_id);
    return (body.store_ids ?? []).map(Number);
  };
  const batchOf = (body: BatchBody): Batch =>
    fakeBatch(chain, {
      store_ids: storesOf(body),
      horizon_days: Number(body.horizon_days ?? 30),
      confidence_level: Number(body.confidence_level ?? 0.8),
      failing,
    });
  const begin = (type: string, answer: Running["answer"]): FakeAnswer => {
    const id = `forecast_batch_20150801T06000${runs.size}Z_1a2b3c4d`;
    const run: PlanningRun = {
      run_id: id,
      run_type: type,
      status: "RUNNING",
      created_at: new Date().toISOString(),
      finished_at: null,
      progress: { share: 0, message: "read the sales history" },
      error_message: null,
      result: null,
    };
    runs.set(id, { run, polls: 0, answer });
    return { status: 202, body: run };
  };
  const poll = (id: string): FakeAnswer => {
    const found = runs.get(id);
    if (found === undefined) return refused(404, `there is no run ${id}`);
    found.polls += 1;
    if (found.run.status === "RUNNING") {
      const share = Math.min(1, found.polls / polls);
      found.run =
        share < 1
          ? { ...found.run, progress: { share, message: "walked the trees" } }
          : { ...found.run, status: "COMPLETED", progress: null, result: found.answer() };
    }
    return ok(found.run);
  };

  return {
    answer(method, path, body) {
      if (method === "POST" && path === "/forecast/batch") {
        const asked = body as BatchBody;
        return asked.background ? begin("batch", () => batchOf(asked)) : ok(batchOf(asked));
      }
      if (method === "GET" && path.startsWith("/planning/runs/"))
        return poll(decodeURIComponent(path.slice("/planning/runs/".length)));
      return null;
    },
  };
}
