import { z } from "zod";
import { contractSchema } from "./contract-schema.ts";

/** JSON Schema (2020-12) of a contract file, for editors and other tools: what {@link contractSchema} takes as input. */
export function contractJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(contractSchema, { io: "input", target: "draft-2020-12" });
  return {
    $schema,
    $id: "https://rossmann-forecasting.example/input-contract.schema.json",
    ...rest,
  };
}

/** The same as the text of a file. */
export function contractJsonSchemaText(): string {
  return `${JSON.stringify(contractJsonSchema(), null, 2)}\n`;
}
