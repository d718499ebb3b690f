import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "@rossmann/warehouse";
import {
  acquireLease,
  closeDatabase,
  findLease,
  holdLease,
  listSchedulerJobs,
  openDatabase,
  releaseLease,
  renewLease,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { evaluatePolicies, SCHEDULER_ACTOR } from "../src/index.ts";
import { takeLease } from "../src/schedule/lease.ts";
import { createTicker, type ScheduleOptions, startSchedule } from "../src/schedule/schedule.ts";
import { startGate } from "./gate.ts";
import { addRun, alertOf, BLOCKED, policiesOf, rowsOf, silent } from "./parts.ts";

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 20 });
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  await sql`truncate preflight_alert_scheduler_lease, preflight_scheduler_job, metric_counter, preflight_run_registry, preflight_alert_state cascade`.execute(
    db,
  );
});

const options = (more: Partial<ScheduleOptions>): ScheduleOptions => ({
  db,
  job: "job",
  intervalMs: 1_000,
  ownerId: "me",
  lease: null,
  work: async () => {},
  logger: silent,
  ...more,
});

describe("a lease", () => {
  test("is taken by one, renewed under the same term, and taken over under a higher one", async () => {
    expect(await acquireLease(db, "l", "a", 60_000)).toBe(1);
    expect(await acquireLease(db, "l", "b", 60_000)).toBeNull();
    expect(await acquireLease(db, "l", "a", 60_000)).toBe(1);
    await releaseLease(db, "l", 1);
    expect(await acquireLease(db, "l", "b", 60_000)).toBe(2);
    expect(await renewLease(db, "l", 1, 60_000)).toBe(false);
    expect(await findLease(db, "l")).toMatchObject({ ownerId: "b", term: 2 });
  });

  test("of ten that ask at once, one gets it", async () => {
    const terms = await Promise.all(
      Array.from({ length: 10 }, (_, i) => acquireLease(db, "l", `o${i}`, 60_000)),
    );
    expect(terms.filter((term) => term !== null)).toEqual([1]);
  });

  test("is renewed while its holder works, and lost aloud when it was taken over", async () => {
    const held = (await takeLease(db, { name: "l", ownerId: "a", ttlMs: 300, logger: silent }))!;
    await sleep(700);
    expect(held.signal.aborted).toBe(false);
    expect(await db.transaction().execute((trx) => holdLease(trx, "l", held.term))).toBe(true);
    await sql`update preflight_alert_scheduler_lease set term = term + 1, owner_id = 'b'`.execute(db);
    await sleep(250);
    expect(held.signal.aborted).toBe(true);
    await held.release();
    expect(await findLease(db, "l")).toMatchObject({ ownerId: "b" });
  });

  test("J2: a holder that slept for three leases writes nothing, neither before nor after a takeover", async () => {
    await addRun(db, { blocked: true });
    const policies = policiesOf(BLOCKED);
    const term = (await acquireLease(db, "l", "sleeper", 20))!;
    await sleep(60);
    const late = () =>
      evaluatePolicies(db, {
        policies,
        channels: [],
        actor: SCHEDULER_ACTOR,
        lease: { name: "l", term },
        logger: silent,
      });
    await expect(late()).rejects.toThrow("nothing was written");
    await acquireLease(db, "l", "next", 60_000);
    await expect(late()).rejects.toThrow("nothing was written");
    expect(await alertOf(db, "blocked")).toBeUndefined();
  });

  test("cannot be taken over while its holder's writes are being committed", async () => {
    const term = (await acquireLease(db, "l", "a", 50))!;
    const order: string[] = [];
    let takeover: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (trx) => {
      await holdLease(trx, "l", term);
      await sleep(80);
      takeover = acquireLease(db, "l", "b", 1_000).then(() => order.push("takeover"));
      await sleep(80);
      order.push("commit");
    });
    await takeover;
    expect(order).toEqual(["commit", "takeover"]);
  });
});

describe("a schedule", () => {
  test("J3: ten schedulers and 100 ticks: each tick once", async () => {
    const slots: number[] = [];
    const intervalMs = 20;
    const work: ScheduleOptions["work"] = async ({ slot }) => void slots.push(slot);
    const tickers = Array.from({ length: 10 }, (_, i) =>
      createTicker(options({ intervalMs, ownerId: `s${i}`, work })),
    );
    const never = new AbortController().signal;
    const until = performance.now() + 20_000;
    while (slots.length < 100 && performance.now() < until) {
      await Promise.all(tickers.map((ticker) => ticker.tick(never)));
    }
    expect(slots.length).toBeGreaterThanOrEqual(100);
    expect(new Set(slots).size).toBe(slots.length);
  });

  test("with a lease, only its holder ticks, and when that is gone another goes on", async () => {
    const ran: string[] = [];
    const ticker = (ownerId: string) =>
      createTicker(
        options({
          ownerId,
          intervalMs: 1,
          lease: { name: "l", ttlMs: 60_000 },
          work: async () => void ran.push(ownerId),
        }),
      );
    const [a, b] = [ticker("a"), ticker("b")];
    const never = new AbortController().signal;
    expect(await a.tick(never)).toBe("done");
    expect(await b.tick(never)).toBe("no_lease");
    await a.release();
    await sleep(2);
    expect(await b.tick(never)).toBe("done");
    expect(ran).toEqual(["a", "b"]);
  });

  test("a tick that overruns its interval lets the next ones pass, and they are counted", async () => {
    const ticker = createTicker(
      options({ intervalMs: 20, lease: { name: "l", ttlMs: 60_000 }, work: () => sleep(90) }),
    );
    await ticker.tick(new AbortController().signal);
    const [row] = await rowsOf<{ value: number }>(
      db,
      "select value from metric_counter where name = 'preflight_scheduler_ticks_skipped_total'",
    );
    expect(row!.value).toBeGreaterThanOrEqual(4);
    expect(row!.value).toBeLessThanOrEqual(6);
  });

  test("a tick that fails is noted, and success keeps the time of the last success", async () => {
    let fails = false;
    const ticker = createTicker(
      options({
        intervalMs: 1,
        work: async () => {
          if (fails) throw new Error("no luck");
        },
      }),
    );
    const never = new AbortController().signal;
    await ticker.tick(never);
    const [before] = await listSchedulerJobs(db);
    fails = true;
    await sleep(2);
    expect(await ticker.tick(never)).toBe("failed");
    expect(await listSchedulerJobs(db)).toMatchObject([
      { lastSuccessAt: before!.lastSuccessAt, lastError: "no luck" },
    ]);
    expect((await listSchedulerJobs(db))[0]!.lastFailureAt).not.toBeNull();
  });

  test("a clock that was set back an hour does not stop the ticks for an hour", async () => {
    const ticker = createTicker(options({ intervalMs: 1_000 }));
    const never = new AbortController().signal;
    await ticker.tick(never);
    await sql`update preflight_scheduler_job set last_slot = last_slot + 3600000`.execute(db);
    expect(await ticker.tick(never)).toBe("done");
  });

  test("a database that goes away stops no schedule: ticks fail meanwhile, and go on when it is back", async () => {
    const gate = await startGate(database.url);
    const away = openDatabase(gate.url, { poolSize: 2, connectTimeoutMs: 500, logger: silent });
    let ran = 0;
    const schedule = startSchedule(
      options({
        db: away,
        intervalMs: 20,
        lease: { name: "job", ttlMs: 1_000 },
        work: async () => void ran++,
      }),
    );
    const runs = async (more: number) => {
      for (const wanted = ran + more; ran < wanted; ) await sleep(5);
    };
    await runs(2);
    gate.shut();
    await sleep(300);
    const whileAway = ran;
    gate.open();
    await runs(2);
    await schedule.stop();
    await closeDatabase(away);
    await gate.close();
    expect(ran).toBeGreaterThan(whileAway);
    const [job] = await listSchedulerJobs(db);
    expect(job?.lastSuccessAt).not.toBeNull();
  });

  test("runs once per interval until it is stopped", async () => {
    let ran = 0;
    const schedule = startSchedule(options({ intervalMs: 50, work: async () => void ran++ }));
    await sleep(275);
    await schedule.stop();
    const stopped = ran;
    expect(stopped).toBeGreaterThanOrEqual(3);
    expect(stopped).toBeLessThanOrEqual(6);
    await sleep(100);
    expect(ran).toBe(stopped);
  });
});
