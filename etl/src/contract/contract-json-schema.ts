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

/** The same as the text of a file, short lists on one line. */
export function contractJsonSchemaText(): string {
  return `${jsonText(contractJsonSchema(), "")}\n`;
}

const LINE_WIDTH = 110;

function jsonText(value: unknown, indent: string, before = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const isPlain = value.every((item) => typeof item !== "object");
    // The comma behind it counts too.
    if (isPlain && indent.length + before + line.length < LINE_WIDTH) return line;
    return `[\n${value.map((item) => inner + jsonText(item, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return `${inner}${name}${jsonText(item, inner, name.length)}`;
  });
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n${indent}}`;
}
