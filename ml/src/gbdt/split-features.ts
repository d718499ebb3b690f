import type { Ctr, CtrElement, ObliviousModel } from "./model.ts";

/**
 * Flat indexes of the columns that each global split looks at, ascending; more than one only for combinations.
 *
 * @param counts which members of a combination are named; the official library names all of them for importance, but only
 *               the categories (not the conditions on other columns) for SHAP values
 */
export function splitFeatures(
  model: ObliviousModel,
  counts: (element: CtrElement) => boolean = () => true,
): number[][] {
  const features: number[][] = [];
  for (const { borders, flatIndex } of model.floatFeatures)
    for (let i = 0; i < borders.length; i++) features.push([flatIndex]);
  for (const { oneHotValues, flatIndex } of model.categoricalFeatures)
    for (let i = 0; i < oneHotValues.length; i++) features.push([flatIndex]);
  for (const ctr of model.ctrs) {
    const members = ctrFeatures(model, ctr, counts);
    for (let i = 0; i < ctr.borders.length; i++) features.push(members);
  }
  return features;
}

function ctrFeatures(model: ObliviousModel, ctr: Ctr, counts: (element: CtrElement) => boolean): number[] {
  const members = new Set<number>();
  for (const element of ctr.elements.filter(counts))
    members.add(
      element.kind === "float"
        ? model.floatFeatures[element.floatIndex].flatIndex
        : model.categoricalFeatures[element.categoricalIndex].flatIndex,
    );
  return [...members].sort((a, b) => a - b);
}
