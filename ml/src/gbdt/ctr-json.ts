/** Target statistics and their tables as the model file writes them. */
import { ModelFileError } from "./errors.ts";
import { array, ascending, finite, object, text, whole } from "./json-shape.ts";
import type { CategoricalFeature, Ctr, CtrElement, CtrTable, CtrType, FloatFeature } from "./model.ts";

/** The official reader's mark for an empty place in a hash map. */
const EMPTY_KEY = "18446744073709551615";

export function writeCtr(ctr: Ctr) {
  return {
    borders: [...ctr.borders],
    ctr_type: ctr.type,
    elements: ctr.elements.map(writeElement),
    identifier: ctr.identifier,
    prior_denomerator: ctr.priorDenominator,
    prior_numerator: ctr.priorNumerator,
    scale: ctr.scale,
    shift: ctr.shift,
    target_border_idx: ctr.targetBorderIndex,
  };
}

function writeElement(element: CtrElement) {
  switch (element.kind) {
    case "category":
      return { cat_feature_index: element.categoricalIndex, combination_element: "cat_feature_value" };
    case "float":
      return {
        border: element.border,
        combination_element: "float_feature",
        float_feature_index: element.floatIndex,
      };
    case "exact":
      return {
        cat_feature_index: element.categoricalIndex,
        combination_element: "cat_feature_exact_value",
        value: element.value,
      };
  }
}

export function readCtr(
  value: unknown,
  index: number,
  floats: readonly FloatFeature[],
  categories: readonly CategoricalFeature[],
): Ctr {
  const place = `ctrs[${index}]`;
  const ctr = object(value, place);
  const type = text(ctr.ctr_type, `${place}.ctr_type`);
  if (!["Borders", "Buckets", "Counter"].includes(type))
    throw new ModelFileError(
      `${place}.ctr_type '${type}' is not supported; Borders, Buckets and Counter are`,
    );
  return {
    identifier: text(ctr.identifier, `${place}.identifier`),
    elements: array(ctr.elements, `${place}.elements`).map((element, i) =>
      readElement(element, `${place}.elements[${i}]`, floats.length, categories.length),
    ),
    type: type as CtrType,
    priorNumerator: finite(ctr.prior_numerator, `${place}.prior_numerator`),
    priorDenominator: finite(ctr.prior_denomerator, `${place}.prior_denomerator`),
    shift: finite(ctr.shift, `${place}.shift`),
    scale: finite(ctr.scale, `${place}.scale`),
    targetBorderIndex: whole(ctr.target_border_idx ?? 0, `${place}.target_border_idx`, 0, 1e6),
    borders: ascending(ctr.borders ?? [], `${place}.borders`),
  };
}

function readElement(value: unknown, place: string, floats: number, categories: number): CtrElement {
  const element = object(value, place);
  const category = () => whole(element.cat_feature_index, `${place}.cat_feature_index`, 0, categories - 1);
  switch (element.combination_element) {
    case "cat_feature_value":
      return { kind: "category", categoricalIndex: category() };
    case "cat_feature_exact_value":
      return {
        kind: "exact",
        categoricalIndex: category(),
        value: whole(element.value, `${place}.value`, -(2 ** 31), 2 ** 31 - 1),
      };
    case "float_feature":
      return {
        kind: "float",
        floatIndex: whole(element.float_feature_index, `${place}.float_feature_index`, 0, floats - 1),
        border: finite(element.border, `${place}.border`),
      };
    default:
      throw new ModelFileError(
        `${place}.combination_element '${String(element.combination_element)}' is not known`,
      );
  }
}

export function writeTables(tables: ReadonlyMap<string, CtrTable>) {
  return Object.fromEntries(
    [...tables].map(([identifier, table]) => [
      identifier,
      {
        counter_denominator: table.counterDenominator,
        hash_map: [...table.rows].flatMap(([key, row]) => [
          String(key),
          ...table.counts.subarray(row * table.classes, (row + 1) * table.classes),
        ]),
        hash_stride: table.classes + 1,
      },
    ]),
  );
}

export function readTables(value: unknown, ctrs: readonly Ctr[]): Map<string, CtrTable> {
  const tables = new Map<string, CtrTable>();
  const data = value === undefined ? {} : object(value, "ctr_data");
  for (const { identifier, type } of ctrs) {
    if (tables.has(identifier)) continue;
    if (!(identifier in data))
      throw new ModelFileError(`ctr_data has no table '${identifier}', which ctrs refers to`);
    const place = `ctr_data['${identifier}']`;
    const table = object(data[identifier], place);
    const stride = whole(table.hash_stride, `${place}.hash_stride`, 2, 1e4);
    if (type === "Counter" && stride !== 2)
      throw new ModelFileError(`${place}.hash_stride must be 2 for Counter, got ${stride}`);
    const flat = array(table.hash_map, `${place}.hash_map`);
    if (flat.length % stride !== 0)
      throw new ModelFileError(
        `${place}.hash_map has ${flat.length} entries, which is no multiple of hash_stride ${stride}`,
      );
    const rows = new Map<bigint, number>();
    const counts = new Float64Array((flat.length / stride) * (stride - 1));
    for (let at = 0, row = 0; at < flat.length; at += stride, row++) {
      const key = text(flat[at], `${place}.hash_map[${at}]`);
      if (key === EMPTY_KEY) continue;
      if (!/^\d{1,20}$/.test(key))
        throw new ModelFileError(`${place}.hash_map[${at}] must be a decimal hash, got '${key}'`);
      rows.set(BigInt(key), row);
      for (let k = 1; k < stride; k++)
        counts[row * (stride - 1) + k - 1] = finite(flat[at + k], `${place}.hash_map[${at + k}]`);
    }
    const counterDenominator = finite(table.counter_denominator ?? 0, `${place}.counter_denominator`);
    tables.set(identifier, { rows, counts, classes: stride - 1, counterDenominator });
  }
  return tables;
}
