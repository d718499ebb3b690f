import { expect, test } from "vitest";
import type { SystemSummary } from "../../../lib/api-types.ts";
import { attentionWarnings } from "./attention.tsx";

const now = Date.parse("2015-08-01T12:00:00Z");
const summary: SystemSummary = {
  stores_count: 1,
  sales_rows_count: 1,
  date_from: "2013-01-01",
  date_to: "2015-07-31",
  data_source: { id: 1, name: "Default" },
  loaded_at: "2015-08-01T06:00:00Z",
  etl_run_id: null,
  model: { version: 1, model_type: "ridge", trained_at: "2015-08-01T07:00:00Z", trained_to: "2015-07-31" },
  server_version: "18",
  api_version: "2.0.0",
};

test("nothing is said when all is well", () => {
  expect(attentionWarnings(summary, now)).toEqual([]);
});

test("an old load, a missing model and a model behind the data are each said with the next step", () => {
  expect(attentionWarnings({ ...summary, loaded_at: "2015-07-20T06:00:00Z" }, now)).toEqual([
    expect.stringContaining("rossmann etl"),
  ]);
  expect(attentionWarnings({ ...summary, model: null }, now)).toEqual([
    expect.stringContaining("rossmann train"),
  ]);
  expect(attentionWarnings({ ...summary, date_to: "2015-08-31" }, now)).toEqual([
    expect.stringContaining("to 31 Jul 2015, the data goes to 31 Aug 2015"),
  ]);
});
