import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createLogger } from "@rossmann/core";
import { createUploadJobs, type UploadJobs } from "@rossmann/etl";
import {
  beginUpload,
  createDataSource,
  failStaleUploads,
  releaseOldUploadFiles,
  sourceFootprint,
} from "@rossmann/warehouse";
import { createTestDatabase, type TestDatabase } from "@rossmann/warehouse/testing";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Api } from "../src/index.ts";
import { problemSchema } from "../src/schemas/problem.ts";
import { type UploadItem, uploadSchema, uploadsSchema } from "../src/schemas/uploads.ts";
import { appOn, settingsWith } from "./parts.ts";
import { delivery, type FormPart, formOf, STORE_CSV, salesCsv, traversalForms } from "./upload-parts.ts";

const root = mkdtempSync(join(tmpdir(), "uploads-"));
const folder = join(root, "a", "b", "uploads");
const settings = {
  UPLOAD_DIR: folder,
  UPLOAD_LIMIT_MB: 1,
  PREFLIGHT_ARTIFACT_DIR: join(root, "reports"),
};
const PATIENCE = { timeout: 30_000, interval: 100 };
let database: TestDatabase;
let app: Api;
let jobs: UploadJobs;
let url: string;
let source: number;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  database = await createTestDatabase();
  app = appOn(database.db, { settings });
  source = (await createDataSource(database.db, { name: "Uploads" })).id;
  url = `/api/v1/data-sources/${source}/uploads`;
  jobs = createUploadJobs(database.db, {
    settings: settingsWith(settings),
    effects: { now: Date.now, logger: createLogger("silent") },
    isWorker: true,
  });
});
afterAll(async () => {
  await jobs.close();
  await app.close();
  await database.close();
  rmSync(root, { recursive: true });
});

const send = (parts: readonly FormPart[], to = url) =>
  app.inject({ method: "POST", url: to, ...formOf(parts) });
const act = async (upload: UploadItem, what: "cancel" | "retry") =>
  app.inject({ method: "POST", url: `${url}/${upload.upload_id}/${what}` });
const look = async (upload: UploadItem) =>
  uploadSchema.parse((await app.inject(`${url}/${upload.upload_id}`)).json());
async function submit(parts: readonly FormPart[]): Promise<UploadItem> {
  const answer = await send(parts);
  expect(answer.statusCode, answer.body).toBe(202);
  return uploadSchema.parse(answer.json());
}
const ended = (upload: UploadItem) =>
  vi.waitFor(async () => {
    const now = await look(upload);
    if (now.finished_at === null) throw new Error(now.status);
    return now;
  }, PATIENCE);
const rowsHeld = async () => (await sourceFootprint(database.db, source))?.salesRowsCount ?? 0;
const stored = () => readdirSync(folder);

describe("a delivery that cannot be taken", () => {
  const file = (name: string, content: string | Buffer, fileName = `${name}.csv`) => ({
    name,
    fileName,
    content,
  });
  const zip = Buffer.concat([Buffer.from([0x50, 0x4b, 0x03, 0x04]), Buffer.alloc(1000)]);

  test.each<[string, FormPart[], number, string, RegExp]>([
    [
      "a ZIP bomb named .csv",
      [file("train", zip)],
      400,
      "upload_not_csv",
      /train \(train\.csv\) is a ZIP archive/,
    ],
    ["gzip named .csv", [file("train", gzipSync("a,b"))], 400, "upload_not_csv", /compressed with gzip/],
    ["a binary file", [file("train", Buffer.from("a,b\n1,\0"))], 400, "upload_not_csv", /a binary file/],
    ["an empty file", [file("train", "")], 400, "upload_empty", /train \(train\.csv\) is empty/],
    [
      "a file that is too large",
      [file("train", "x".repeat(1_000_001))],
      413,
      "upload_too_large",
      /larger than the 1 MB/,
    ],
    [
      "another ending",
      [file("train", "a", "train.xlsx")],
      400,
      "upload_name_invalid",
      /ends in \.csv or \.txt/,
    ],
    [
      "a file nobody knows",
      [file("sales", "a")],
      400,
      "upload_part_unknown",
      /file "sales", expected train, store/,
    ],
    ["a file twice", [file("train", "a"), file("train", "a")], 400, "upload_part_unknown", /"train" twice/],
    ["no sales", [file("store", STORE_CSV)], 400, "upload_incomplete", /no file train/],
    ["no stores", [file("train", salesCsv([1]))], 400, "upload_incomplete", /needs the file store/],
    [
      "a mode nobody knows",
      delivery(salesCsv([1]), { name: "preflight_mode", content: "strict" }),
      400,
      "upload_part_unknown",
      /preflight_mode must be "off"/,
    ],
    [
      "a field nobody knows",
      delivery(salesCsv([1]), { name: "colour", content: "red" }),
      400,
      "upload_part_unknown",
      /colour/,
    ],
    [
      "too many files",
      Array.from({ length: 9 }, () => file("train", "a")),
      400,
      "upload_part_unknown",
      /twice/,
    ],
  ])("%s is refused in one sentence, and nothing is kept", async (_what, parts, status, code, detail) => {
    const answer = await send(parts);
    expect(answer.statusCode, answer.body).toBe(status);
    expect(problemSchema.parse(answer.json())).toMatchObject({ code, detail: expect.stringMatching(detail) });
    expect(answer.body).not.toContain(root);
    expect(stored()).toEqual([]);
  });

  test("a hundred names that mean to leave the folder are refused; nothing is written anywhere", async () => {
    const forms = traversalForms();
    expect(forms.length).toBeGreaterThanOrEqual(100);
    for (const name of forms) {
      const answer = await send([file("train", salesCsv([1]), name), file("store", STORE_CSV)]);
      expect(answer.statusCode, name).toBe(400);
      expect(problemSchema.parse(answer.json()).code, name).toBe("upload_name_invalid");
    }
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(["a", "a/b", "a/b/uploads"]);
  });

  test("a boundary that no form may have is the sender's fault", async () => {
    const answer = await app.inject({
      method: "POST",
      url,
      payload: "x",
      headers: { "content-type": `multipart/form-data; boundary=${"b".repeat(300)}` },
    });
    expect(problemSchema.parse(answer.json())).toMatchObject({ status: 400, code: "upload_incomplete" });
    expect(stored()).toEqual([]);
  });

  test("3 GB are refused by what their header says, before they come in", async () => {
    const { headers } = formOf([]);
    const answer = await app.inject({
      method: "POST",
      url,
      payload: "",
      headers: { ...headers, "content-length": "3000000000" },
    });
    expect(answer.statusCode).toBe(413);
    expect(answer.headers.connection).toBe("close");
  });

  test("what is no form is refused with 415; an unknown and a sleeping source with 404 and 400", async () => {
    const json = await app.inject({ method: "POST", url, payload: { train: "a" } });
    expect(json.statusCode).toBe(415);
    const unknown = await send(delivery(salesCsv([1])), "/api/v1/data-sources/9999/uploads");
    expect(unknown.statusCode).toBe(404);
    const { id } = await createDataSource(database.db, { name: "Asleep", isActive: false });
    const asleep = await send(delivery(salesCsv([1])), `/api/v1/data-sources/${id}/uploads`);
    expect(problemSchema.parse(asleep.json())).toMatchObject({ status: 400, code: "data_source_inactive" });
    expect(stored()).toEqual([]);
  });

  test("an upload that breaks off leaves nothing, and the server answers on", async () => {
    const server = appOn(database.db, { settings });
    await server.listen({ port: 0, host: "127.0.0.1" });
    const { port } = server.server.address() as { port: number };
    const { payload, headers } = formOf(delivery(salesCsv([1, 2, 3])));
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `POST ${url} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${headers["content-type"]}\r\nContent-Length: ${payload.length}\r\n\r\n`,
    );
    socket.write(payload.subarray(0, 300));
    await vi.waitFor(() => expect(stored()).toHaveLength(1), PATIENCE);
    socket.destroy();
    await vi.waitFor(() => expect(stored()).toEqual([]), PATIENCE);
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/health`)).status).toBe(200);
    await server.close();
    const cut = formOf(delivery(salesCsv([1])));
    const answer = await app.inject({ method: "POST", url, ...cut, payload: cut.payload.subarray(0, -30) });
    expect(problemSchema.parse(answer.json())).toMatchObject({ status: 400, code: "upload_incomplete" });
    expect(stored()).toEqual([]);
  });
});

describe("a delivery that was taken", () => {
  test("waits in the queue with its checksums; cancelled there it is loaded by nobody, tried again it is", async () => {
    const upload = await submit(delivery(salesCsv([10, 20])));
    expect(upload).toMatchObject({
      status: "QUEUED",
      kind: "full",
      preflight_mode: "enforce",
      created_by: "local",
      files: [
        { source_name: "train", name: "train.csv", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { source_name: "store", name: "store.csv" },
      ],
    });
    expect((await act(upload, "retry")).statusCode).toBe(409);
    expect(uploadSchema.parse((await act(upload, "cancel")).json())).toMatchObject({
      status: "CANCELLED",
      error: { code: "cancelled", detail: expect.stringMatching(/^cancelled by local/) },
      can_retry: true,
    });
    expect((await act(upload, "cancel")).statusCode).toBe(409);
    jobs.work();
    expect((await act(upload, "retry")).statusCode).toBe(202);
    const done = await ended(upload);
    expect(done).toMatchObject({
      status: "COMPLETED",
      attempt: 2,
      result: { rows_read: 2, rows_accepted: 2, rows_rejected: 0 },
      error: null,
      can_retry: false,
    });
    expect(await rowsHeld()).toBe(2);
    expect(stored()).toEqual([]);
    const run = await app.inject(`/api/v1/etl/runs/${done.etl_run_id}`);
    expect(run.json().upload_id).toBe(upload.upload_id);
    expect(run.json().files).toEqual(upload.files.map(({ name, ...file }) => ({ ...file, label: name })));
    expect(run.json()).toMatchObject({
      status: "COMPLETED",
      preflight_mode: "enforce",
      facts: { is_current: true },
    });
  });

  test("with faults is blocked in enforce, what was loaded stays; the corrected one loads", async () => {
    const before = await rowsHeld();
    const faulty = await ended(await submit(delivery(salesCsv([10, "wrong", 30]))));
    expect(faulty).toMatchObject({
      status: "FAILED",
      error: {
        code: "preflight_blocked",
        detail: expect.stringMatching(/nothing was loaded.*"wrong" on line 3/),
      },
      can_retry: true,
      result: null,
    });
    expect(JSON.stringify(faulty)).not.toContain(root);
    expect(await rowsHeld()).toBe(before);
    const runs = await app.inject(`/api/v1/diagnostics/preflight/runs/${faulty.etl_run_id}`);
    expect(runs.json()).toMatchObject({ final_status: "FAIL", blocked: true });
    const corrected = await ended(await submit(delivery(salesCsv([10, 20, 30]))));
    expect(corrected.status).toBe("COMPLETED");
    expect(await rowsHeld()).toBe(3);
  });

  test("cancelled while its load works never shows, and its run is FAILED", async () => {
    const before = await rowsHeld();
    // Holds up every load just before it publishes.
    const lock = new pg.Client({ connectionString: database.url });
    await lock.connect();
    await lock.query("select pg_advisory_lock(hashtext('etl_publish'), 0)");
    const upload = await submit(delivery(salesCsv([1, 2, 3, 4, 5, 6, 7])));
    const working = await vi.waitFor(async () => {
      const now = await look(upload);
      if (now.etl_run_id === null) throw new Error(now.status);
      return now;
    }, PATIENCE);
    expect(working).toMatchObject({ status: "RUNNING" });
    expect(uploadSchema.parse((await act(upload, "cancel")).json()).status).toBe("CANCELLED");
    await lock.end();
    const run = await app.inject(`/api/v1/etl/runs/${working.etl_run_id}`);
    expect(run.json()).toMatchObject({
      status: "FAILED",
      error_message: expect.stringMatching(/^cancelled by local/),
    });
    expect((await act(upload, "retry")).statusCode).toBe(202);
    const done = await ended(upload);
    expect(done).toMatchObject({ status: "COMPLETED", attempt: 2 });
    expect(done.etl_run_id).not.toBe(working.etl_run_id);
    expect(await rowsHeld()).toBe(7);
    expect(before).not.toBe(7);
  });

  test("is seen in the list of its source, page by page, and under no other source", async () => {
    const { items, next_cursor } = uploadsSchema.parse((await app.inject(`${url}?limit=2`)).json());
    expect(items).toHaveLength(2);
    const rest = uploadsSchema.parse((await app.inject(`${url}?limit=2&cursor=${next_cursor}`)).json());
    expect(rest.items).toHaveLength(2);
    const elsewhere = await app.inject(`/api/v1/data-sources/1/uploads/${items[0]?.upload_id}`);
    expect(elsewhere.statusCode).toBe(404);
    expect(uploadsSchema.parse((await app.inject("/api/v1/data-sources/1/uploads")).json()).items).toEqual(
      [],
    );
  });

  test("left behind by a killed process is closed, and old files go while the record stays", async () => {
    await jobs.close();
    const upload = await submit(delivery(salesCsv([1])));
    await beginUpload(database.db, upload.upload_id);
    expect(await beginUpload(database.db, upload.upload_id), "another process takes it over").not.toBeNull();
    expect(await failStaleUploads(database.db)).toBe(0);
    await sql`update data_upload set heartbeat_at = now() - interval '6 minutes' where upload_id = ${upload.upload_id}`.execute(
      database.db,
    );
    expect(await failStaleUploads(database.db)).toBe(1);
    expect(await look(upload)).toMatchObject({
      status: "FAILED",
      error: { code: "process_ended" },
      can_retry: true,
    });
    await sql`update data_upload set finished_at = now() - interval '8 days' where upload_id = ${upload.upload_id}`.execute(
      database.db,
    );
    expect(await releaseOldUploadFiles(database.db, 7)).toEqual([upload.upload_id]);
    expect(await look(upload)).toMatchObject({ can_retry: false });
    const again = await act(upload, "retry");
    expect(problemSchema.parse(again.json())).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/upload them again/),
    });
  });
});
