export * from "./atomic-file.ts";
export * from "./dates.ts";
export * from "./effects.ts";
export * from "./errors.ts";
export * from "./logger.ts";
export * from "./metrics.ts";
export * from "./random.ts";
export * from "./settings.ts";
