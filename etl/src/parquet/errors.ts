import { AppError } from "@rossmann/core";

/** Parquet files cannot be written where they should go, or do not hold what a panel needs. */
export class ParquetError extends AppError {
  constructor(code: "parquet_folder_taken" | "parquet_unreadable", message: string, options?: ErrorOptions) {
    super(code, "invalid", message, options);
  }
}
