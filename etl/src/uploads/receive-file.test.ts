import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { testFolder } from "../../test/files.ts";
import { receiveFile } from "./receive-file.ts";

const files = testFolder();
afterAll(files.remove);

const receive = (chunks: (string | Buffer)[], more: Partial<Parameters<typeof receiveFile>[1]> = {}) =>
  receiveFile(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), {
    source: "train",
    name: "train.csv",
    path: files.path("received"),
    limitBytes: 1_000,
    ...more,
  });

test("receiveFile stores what comes in and tells its size and checksum", async () => {
  const text = "a,b\n1,2\n";
  expect(await receive([text.slice(0, 3), text.slice(3)])).toEqual({
    source: "train",
    name: "train.csv",
    sizeBytes: 8,
    sha256: createHash("sha256").update(text).digest("hex"),
  });
  expect(readFileSync(files.path("received"), "utf8")).toBe(text);
});

test("receiveFile stops at the limit, however many chunks come", async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(400, "x");
    })(),
  );
  const file = {
    source: "train",
    name: "train.csv",
    path: files.path("endless"),
    limitBytes: 1_000,
  } as const;
  await expect(receiveFile(endless, file)).rejects.toMatchObject({ code: "upload_too_large" });
  expect(readFileSync(file.path).length).toBeLessThanOrEqual(1_000);
});

test.each(["train.csv", "Umsätze Juli 2015 (neu).CSV", "売上.csv", "a-b_c+d,e&f'g@h.txt"])(
  "receiveFile takes the name %s",
  async (name) => {
    expect((await receive(["a"], { name })).name).toBe(name);
  },
);

test("receiveFile takes UTF-16 for the text it is, and refuses what is no text", async () => {
  await expect(receive([Buffer.from("\ufeffa,b\n", "utf16le")])).resolves.toMatchObject({ sizeBytes: 10 });
  await expect(receive([Buffer.from("a,b\n", "utf16le")])).rejects.toMatchObject({ code: "upload_not_csv" });
});

test.runIf(existsSync("/dev/full"))("receiveFile tells a full disk (needs /dev/full)", async () => {
  await expect(receive(["a,b\n"], { path: "/dev/full" })).rejects.toMatchObject({
    code: "disk_full",
    message: expect.stringMatching(/^no space left on the disk of the server's folder for uploads/),
  });
});

test("receiveFile ends with the fault of a stream that breaks off", async () => {
  const broken = Readable.from(
    (function* () {
      yield Buffer.from("a,b\n");
      throw new Error("the line was cut");
    })(),
  );
  const file = { source: "train", name: "train.csv", path: files.path("cut"), limitBytes: 9 } as const;
  await expect(receiveFile(broken, file)).rejects.toThrow("the line was cut");
});
