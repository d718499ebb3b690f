import type { SystemSummary } from "@rossmann/backend";
import type { FakeChain } from "./fake-chain.ts";

/** What is loaded, for the made-up chain. */
export const fakeSummary = (chain: FakeChain): SystemSummary => ({
  stores_count: chain.stores.length,
  sales_rows_count: 1_017_209,
  date_from: chain.from,
  date_to: chain.to,
  data_source: { id: 1, name: "Default" },
  loaded_at: new Date().toISOString(),
  etl_run_id: null,
  model: { version: 3, model_type: "ridge", trained_at: "2015-08-01T00:00:00Z", trained_to: chain.to },
  server_version: "18",
  api_version: "2.0.0",
});
