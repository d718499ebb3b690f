export * from "./contract-schema.ts";
export * from "./errors.ts";
export * from "./normalise-name.ts";
export { columnsOf, parseContract, readContract } from "./read-contract.ts";
export * from "./registry.ts";
export * from "./rule-sentence.ts";
