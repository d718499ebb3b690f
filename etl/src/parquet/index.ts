export { ParquetError } from "./errors.ts";
export { type ExportedSource, exportParquet } from "./export-parquet.ts";
export { type PanelFiles, readPanelParquet } from "./read-panel-parquet.ts";
