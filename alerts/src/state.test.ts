import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AlertStatus,
  type AlertTimers,
  type NoDataRule,
  nextState,
  type OutcomeKind,
  quiet,
  type Timing,
  withdraw,
} from "./state.ts";

const MINUTE = 60_000;
const at = (minutes: number) => minutes * MINUTE;
const timing = (forMinutes: number, keepMinutes = 0, noData: NoDataRule = "ok"): Timing => ({
  forMs: at(forMinutes),
  keepFiringForMs: at(keepMinutes),
  noData,
});

/** Run outcomes given as [minute, outcome] and list the statuses after each. */
function run(rules: Timing, steps: [number, OutcomeKind][], start: AlertTimers = quiet) {
  let state = start;
  const statuses: AlertStatus[] = [];
  for (const [minute, outcome] of steps) {
    state = nextState(state, outcome, rules, at(minute)).state;
    statuses.push(state.status);
  }
  return { state, statuses };
}

describe("nextState", () => {
  test("for = 0 fires at the first breach", () => {
    expect(nextState(quiet, "met", timing(0), 5)).toMatchObject({
      state: { status: "FIRING", firingNo: 1, activeAt: 5, firedAt: 5 },
      transition: { from: "OK", to: "FIRING", reason: "condition_met" },
    });
  });

  test("the for timer counts time, not evaluations", () => {
    const often: [number, OutcomeKind][] = [0, 0.1, 0.2, 0.3, 9.9].map((minute) => [minute, "met"]);
    expect(run(timing(10), often).statuses.at(-1)).toBe("PENDING");
    expect(
      run(timing(10), [
        [0, "met"],
        [10, "met"],
      ]).statuses,
    ).toEqual(["PENDING", "FIRING"]);
  });

  test("a pending alert that clears goes back to OK, and its timer begins anew", () => {
    const steps: [number, OutcomeKind][] = [
      [0, "met"],
      [9, "clear"],
      [10, "met"],
      [19, "met"],
      [20, "met"],
    ];
    expect(run(timing(10), steps).statuses).toEqual(["PENDING", "OK", "PENDING", "PENDING", "FIRING"]);
  });

  test("keep_firing_for bridges gaps, and a return of the condition starts it anew", () => {
    const steps: [number, OutcomeKind][] = [
      [0, "met"],
      [1, "clear"],
      [5, "met"],
      [6, "clear"],
      [10, "clear"],
      [11, "clear"],
    ];
    expect(run(timing(0, 5), steps).statuses).toEqual([
      "FIRING",
      "FIRING",
      "FIRING",
      "FIRING",
      "FIRING",
      "RESOLVED",
    ]);
  });

  test("an error changes nothing at all", () => {
    const { state } = run(timing(10), [[0, "met"]]);
    expect(nextState(state, "error", timing(10), at(50))).toEqual({ state, transition: null });
  });

  test.each([
    ["alert", "FIRING"],
    ["ok", "OK"],
    ["keep", "PENDING"],
  ] as const)("without data a pending alert of a policy with no_data %s becomes %s", (noData, status) => {
    const rules = timing(10, 0, noData);
    expect(
      run(rules, [
        [0, "met"],
        [10, "no_data"],
      ]).statuses.at(-1),
    ).toBe(status);
  });

  test("the reason of a transition without data is no_data", () => {
    expect(nextState(quiet, "no_data", timing(0, 0, "alert"), 0).transition).toMatchObject({
      to: "FIRING",
      reason: "no_data",
    });
  });

  test("a clock that is set back neither fires nor forgets: elapsed time is kept", () => {
    const { state } = run(timing(10), [
      [100, "met"],
      [106, "met"],
    ]);
    const back = nextState(state, "met", timing(10), at(40)).state;
    expect(back.status).toBe("PENDING");
    expect(nextState(back, "met", timing(10), at(43.9)).state.status).toBe("PENDING");
    expect(nextState(back, "met", timing(10), at(44)).state.status).toBe("FIRING");
  });

  test("a clock that jumps ahead neither ends a firing nor tells it again, and a clear alert stays clear", () => {
    const { state } = run(timing(0), [[0, "met"]]);
    const ahead = nextState(state, "met", timing(0), at(1_000_000));
    expect(ahead).toMatchObject({ transition: null, state: { status: "FIRING", firingNo: 1 } });
    expect(nextState(ahead.state, "met", timing(0), at(2)).transition).toBeNull();
    const clear = run(timing(10), [[0, "clear"]]).state;
    expect(nextState(clear, "met", timing(10), at(1_000_000)).state.status).toBe("PENDING");
  });

  test("raising for while an alert fires does not send it back to pending", () => {
    const { state } = run(timing(0), [[0, "met"]]);
    expect(nextState(state, "met", timing(60), at(1)).state.status).toBe("FIRING");
  });

  test("withdraw resolves what fires, drops what is pending, and leaves the rest", () => {
    const { state: firing } = run(timing(0), [[0, "met"]]);
    const { state: pending } = run(timing(9), [[0, "met"]]);
    expect(withdraw(firing, 7)).toMatchObject({
      state: { status: "RESOLVED", resolvedAt: 7 },
      transition: { reason: "policy_gone" },
    });
    expect(withdraw(pending, 7).state.status).toBe("OK");
    expect(withdraw(quiet, 7)).toEqual({ state: quiet, transition: null });
  });
});

/**
 * The rules of reliable alerting said another way: not step by step, but by looking at the whole series so far each time.
 * Evaluations that failed are as if they had never been made, and so are those without data under "keep".
 */
function simulate(series: readonly { minute: number; outcome: OutcomeKind }[], rules: Timing): AlertStatus[] {
  const holdsAt = (outcome: OutcomeKind) =>
    outcome === "met" || (outcome === "no_data" && rules.noData === "alert");
  const counts = (outcome: OutcomeKind) =>
    outcome !== "error" && !(outcome === "no_data" && rules.noData === "keep");
  return series.map((_, end) => {
    const seen = series.slice(0, end + 1).filter(({ outcome }) => counts(outcome));
    // Firing spans, one after the other: [first evaluation that fires, first evaluation that resolves).
    let from = 0;
    let hasResolved = false;
    for (;;) {
      const fires = seen.findIndex((point, i) => {
        if (i < from || !holdsAt(point.outcome)) return false;
        let first = i;
        while (first - 1 >= from && holdsAt(seen[first - 1]!.outcome)) first--;
        return at(point.minute) - at(seen[first]!.minute) >= rules.forMs;
      });
      if (fires < 0) {
        const last = seen.at(-1);
        if (last !== undefined && seen.length > from && holdsAt(last.outcome)) return "PENDING";
        // An alert that was pending and cleared is OK; one that has resolved stays so until then.
        const wasPending = seen.slice(from).some((point) => holdsAt(point.outcome));
        return hasResolved && !wasPending ? "RESOLVED" : "OK";
      }
      const resolves = seen.findIndex((point, i) => {
        if (i <= fires || holdsAt(point.outcome)) return false;
        let first = i;
        while (!holdsAt(seen[first - 1]!.outcome)) first--;
        return at(point.minute) - at(seen[first]!.minute) >= rules.keepFiringForMs;
      });
      if (resolves < 0) return "FIRING";
      hasResolved = true;
      from = resolves + 1;
    }
  });
}

test("A1: the engine equals an independent simulator over 10,000 random series", () => {
  const outcome = fc.constantFrom<OutcomeKind[]>("met", "met", "clear", "clear", "no_data", "error");
  const series = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), outcome), { maxLength: 24 });
  const rules = fc.tuple(
    fc.integer({ min: 0, max: 8 }),
    fc.integer({ min: 0, max: 8 }),
    fc.constantFrom<NoDataRule[]>("alert", "ok", "keep"),
  );
  let fired = 0;
  fc.assert(
    fc.property(series, rules, (steps, [forMinutes, keepMinutes, noData]) => {
      let minute = 0;
      const points = steps.map(([gap, kind]) => {
        minute += gap;
        return { minute, outcome: kind };
      });
      const rule = timing(forMinutes, keepMinutes, noData);
      const { statuses } = run(
        rule,
        points.map((point) => [point.minute, point.outcome]),
      );
      if (statuses.includes("FIRING")) fired++;
      expect(statuses).toEqual(simulate(points, rule));
    }),
    { numRuns: 10_000, seed: 7 },
  );
  expect(fired).toBeGreaterThan(3_000);
});
