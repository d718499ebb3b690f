import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSample } from "@rossmann/etl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rossmann } from "./run.ts";

let folder: string;
const run = (...words: string[]) => rossmann(folder, words, { ROSSMANN_HOME: join(folder, "home") });
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rossmann-shard-"));
  await writeSample(join(folder, "data"), { stores: 3, days: 150, seed: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (name: string) => readFileSync(join(folder, name), "utf8").trim().split("\n").slice(1);

test("a shard learned from exported Parquet forecasts what the installation itself forecasts", async () => {
  expect((await run("bootstrap")).code).toBe(0);
  expect((await run("export", "--parquet", "out")).stdout).toMatch(/sales rows of 1 data source written/);
  await run("predict", "--input", "data/test.csv", "--output", "single.csv", "--intervals");
  const part = (table: string) => `out/${table}/data_source_id=1/part-0.parquet`;
  const words = [
    "--sales",
    part("fact_sales_daily"),
    "--stores",
    part("dim_store"),
    "--future",
    part("known_future"),
  ];
  const shard = await run("shard", ...words, "--out", "shard", "--json");
  expect([shard.code, JSON.parse(shard.stdout)]).toEqual([
    0,
    expect.objectContaining({ stores: 3, data_source_id: 1 }),
  ]);
  expect(existsSync(join(folder, "shard", "model.json"))).toBe(true);

  const single = new Map(lines("single.csv").map((line) => [line.split(",")[0], line.split(",").slice(1)]));
  const rows = readFileSync(join(folder, "data", "test.csv"), "utf8")
    .trim()
    .split("\n");
  const [head, ...days] = rows.map((line) => line.replaceAll('"', "").split(","));
  const at = (name: string) => head!.indexOf(name);
  const idOf = new Map(days.map((day) => [`${day[at("Store")]},${day[at("Date")]}`, day[at("Id")]]));
  const round = (text: string | undefined) => Math.round(Number(text) * 100) / 100;
  const forecast = lines("shard/forecast.csv");
  expect(forecast).toHaveLength(single.size);
  for (const line of forecast) {
    const [store, date, sales, lower80, upper80] = line.split(",");
    const [expected, lower, upper] = single.get(idOf.get(`${store},${date}`)!)!;
    expect([line, round(sales), round(lower80), round(upper80)]).toEqual([
      line,
      Number(expected),
      Number(lower),
      Number(upper),
    ]);
  }
});

test("a shard without its files, or of files that are none, is refused in one sentence", async () => {
  const missing = await run("shard", "--sales", "none.parquet", "--stores", "none.parquet", "--out", "x");
  expect([missing.code, missing.stderr]).toEqual([
    1,
    expect.stringMatching(/there is no file .*none\.parquet/),
  ]);
  const wrong = await run("shard", "--sales", "data/train.csv", "--stores", "data/store.csv", "--out", "x");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/^rossmann: .*\n$/)]);
});
