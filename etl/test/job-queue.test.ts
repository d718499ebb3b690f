import { createLogger } from "@rossmann/core";
import { rawSql } from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type JobQueue, openJobQueue } from "../src/uploads/job-queue.ts";

let database: TestDatabase;
let queue: JobQueue;
const open = () => openJobQueue(database.db, createLogger("silent"), true);
beforeAll(async () => {
  database = await createTestDatabase();
  queue = open();
  await queue.ready();
  await queue.stop();
});
afterAll(() => database.close());

/** A start that gets as far as the last statement, as when the database goes in that moment. */
const breakLastStep = () =>
  rawSql(database.db, "alter function pgboss.create_queue(text, jsonb) rename to create_no_queue");
const mendLastStep = () =>
  rawSql(database.db, "alter function pgboss.create_no_queue(text, jsonb) rename to create_queue");

async function connections(): Promise<number> {
  const { rows } = await rawSql(
    database.db,
    "select pid from pg_stat_activity where application_name = 'rossmann uploads' and datname = current_database()",
  );
  return rows.length;
}

test("a start that fails half way keeps no connection, and the next one is whole", async () => {
  queue = open();
  await breakLastStep();
  try {
    await expect(queue.ready()).rejects.toThrow(/create_queue/);
    await expect.poll(connections).toBe(0);
  } finally {
    await mendLastStep();
  }
  await queue.ready();
  expect(await connections()).toBeGreaterThan(0);
  await queue.stop();
  await expect.poll(connections).toBe(0);
});

test("a worker that found no queue at its start takes jobs when there is one, and stops", async () => {
  queue = open();
  await breakLastStep();
  const taken: string[] = [];
  const working = queue.work(async ({ uploadId }) => {
    taken.push(uploadId);
  });
  await expect(queue.ready()).rejects.toThrow(/create_queue/);
  await mendLastStep();
  await working;
  await queue.send(database.db, "one", 1);
  await expect.poll(() => taken, { timeout: 20_000 }).toEqual(["one"]);
  await queue.stop();
  await expect.poll(connections).toBe(0);
});

test("a stop ends the attempts of a worker that finds no queue", async () => {
  queue = open();
  await breakLastStep();
  try {
    const working = queue.work(async () => {});
    await expect(queue.ready()).rejects.toThrow(/create_queue/);
    await queue.stop();
    await working;
    await expect(queue.ready()).rejects.toThrow(/being stopped/);
    await expect.poll(connections).toBe(0);
  } finally {
    await mendLastStep();
  }
});
