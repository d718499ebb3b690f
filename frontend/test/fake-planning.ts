import type {
  Batch,
  BatchBody,
  ChangeScenarioBody,
  NewOverrideBody,
  NewScenarioBody,
  Override,
  PlanningRun,
  SavedScenario,
  ScenarioCompareBody,
} from "@rossmann/backend";
import { fakeBatch } from "./fake-batch.ts";
import type { FakeChain } from "./fake-chain.ts";
import { fakeActuals, fakeOverride, NO_VALUE } from "./fake-overrides.ts";
import { fakeComparison, fakeKnownFuture, segmentIds } from "./fake-scenarios.ts";

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
    if (body.all_stores) return chain.stores.map((store) => store.store_id);
    return body.segment ? segmentIds(chain, body.segment) : (body.store_ids ?? []).map(Number);
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
    return { status: 202, body: { run_id: id, location: `/api/v1/planning/runs/${id}` } };
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

  const kept = new Map<string, SavedScenario>();
  const saved = (method: string, path: string, body: unknown): FakeAnswer => {
    const now = new Date().toISOString();
    if (path === "/scenarios" && method === "GET") return ok([...kept.values()].toReversed());
    if (path === "/scenarios") {
      const { name, note = "", content } = body as NewScenarioBody;
      const scenario_id = `0198c0de-0000-4000-8000-00000000000${kept.size + 1}`;
      const one = { scenario_id, data_source_id: 1, name, note, version: 1, author: "planner" };
      kept.set(scenario_id, {
        ...one,
        changed_by: "planner",
        created_at: now,
        changed_at: now,
        content: content as SavedScenario["content"],
      });
      return { status: 201, body: kept.get(scenario_id) };
    }
    const id = path.slice("/scenarios/".length);
    const current = kept.get(id);
    if (current === undefined) return refused(404, `there is no saved scenario ${id}`);
    if (method === "PUT") {
      const { name, note = "", content, version } = body as ChangeScenarioBody;
      if (version !== current.version) return refused(409, "another version was saved meanwhile");
      const next = { ...current, name, note, content: content as SavedScenario["content"] };
      kept.set(id, { ...next, version: current.version + 1, changed_at: now });
    }
    if (method === "DELETE") kept.delete(id);
    return ok(kept.get(id) ?? current);
  };

  const overrides: Override[] = [];
  const corrections = (
    method: string,
    path: string,
    body: unknown,
    query: URLSearchParams | undefined,
  ): FakeAnswer => {
    if (path.endsWith("/value")) return ok(NO_VALUE);
    if (method === "POST") {
      overrides.unshift(fakeOverride(chain, body as NewOverrideBody, overrides.length + 1));
      return { status: 201, body: overrides[0] };
    }
    if (method === "DELETE") {
      const index = overrides.findIndex(({ override_id }) => path.endsWith(`/${override_id}`));
      return index < 0 ? refused(404, "there is no such correction") : ok(overrides.splice(index, 1)[0]);
    }
    return ok(overrides.filter(({ store_id }) => store_id === Number(query?.get("store_id"))));
  };

  return {
    answer(method, path, body, query) {
      if (method === "POST" && path === "/forecast/batch") {
        const asked = body as BatchBody;
        return asked.background ? begin("batch", () => batchOf(asked)) : ok(batchOf(asked));
      }
      if (method === "GET" && path.startsWith("/planning/runs/"))
        return poll(decodeURIComponent(path.slice("/planning/runs/".length)));
      if (method === "POST" && path === "/scenario/compare")
        return ok(fakeComparison(chain, body as ScenarioCompareBody));
      if (path === "/forecast/calendar")
        return ok(fakeKnownFuture(chain, Number(query?.get("store_id")), Number(query?.get("horizon_days"))));
      if (path === "/forecast/actuals") return ok(fakeActuals(query?.has("store_id") ?? false));
      if (path.startsWith("/forecast/overrides")) return corrections(method, path, body, query);
      if (path === "/scenarios" || path.startsWith("/scenarios/")) return saved(method, path, body);
      return null;
    },
  };
}
