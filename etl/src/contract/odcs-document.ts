import { z } from "zod";

/**
 * The parts of the Open Data Contract Standard 3.1 that this platform reads and writes. Unknown keys are let through: a
 * document of another tool says much that a file check does not need.
 *
 * Source: Bitol, Open Data Contract Standard v3.1.0, JSON schema `odcs-json-schema-v3.1.0.json`.
 */

const customProperty = z.looseObject({ property: z.string(), value: z.unknown() });
const customProperties = z.array(customProperty).optional();

const quality = z.looseObject({
  name: z.string().optional(),
  type: z.enum(["text", "library", "sql", "custom"]).optional(),
  description: z.string().optional(),
  metric: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  unit: z.string().optional(),
  severity: z.string().optional(),
  dimension: z.string().optional(),
  query: z.string().optional(),
  engine: z.string().optional(),
  implementation: z.unknown().optional(),
  mustBe: z.unknown().optional(),
  mustBeGreaterThan: z.number().optional(),
  mustBeGreaterOrEqualTo: z.number().optional(),
  mustBeLessThan: z.number().optional(),
  mustBeLessOrEqualTo: z.number().optional(),
  mustBeBetween: z.array(z.number()).length(2).optional(),
  customProperties,
});

const property = z.looseObject({
  name: z.string(),
  logicalType: z.string().optional(),
  description: z.string().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.number().optional(),
  classification: z.string().optional(),
  logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
  quality: z.array(quality).optional(),
  customProperties,
});

const schemaObject = z.looseObject({
  name: z.string(),
  physicalType: z.string().optional(),
  logicalType: z.string().optional(),
  description: z.string().optional(),
  properties: z.array(property).optional(),
  quality: z.array(quality).optional(),
  customProperties,
});

export const odcsSchema = z.looseObject({
  apiVersion: z.string().regex(/^v3\./, "must be v3.x"),
  kind: z.literal("DataContract"),
  id: z.string(),
  name: z.string().optional(),
  version: z.string(),
  status: z.string(),
  schema: z.array(schemaObject).optional(),
  customProperties,
});

export type OdcsDocument = z.infer<typeof odcsSchema>;
export type OdcsObject = z.infer<typeof schemaObject>;
export type OdcsProperty = z.infer<typeof property>;
export type OdcsQuality = z.infer<typeof quality>;
export type OdcsCustomProperty = z.infer<typeof customProperty>;

/** Engine name under which rules travel that the standard has no word for. */
export const ENGINE = "rossmann-preflight";

/** The value of a custom property, or `undefined`. */
export function customValue(owner: { customProperties?: OdcsCustomProperty[] }, name: string): unknown {
  return owner.customProperties?.find((item) => item.property === name)?.value;
}
