import type { Ctr, ObliviousModel } from "./model.ts";

/** Flat indexes of the columns that each global split looks at, ascending; more than one only for combinations. */
export function splitFeatures(model: ObliviousModel): number[][] {
  const features: number[][] = [];
  for (const { borders, flatIndex } of model.floatFeatures)
    for (let i = 0; i < borders.length; i++) features.push([flatIndex]);
  for (const { oneHotValues, flatIndex } of model.categoricalFeatures)
    for (let i = 0; i < oneHotValues.length; i++) features.push([flatIndex]);
  for (const ctr of model.ctrs) {
    const members = ctrFeatures(model, ctr);
    for (let i = 0; i < ctr.borders.length; i++) features.push(members);
  }
  return features;
}

function ctrFeatures(model: ObliviousModel, ctr: Ctr): number[] {
  const members = new Set<number>();
  for (const element of ctr.elements)
    members.add(
      element.kind === "float"
        ? model.floatFeatures[element.floatIndex].flatIndex
        : model.categoricalFeatures[element.categoricalIndex].flatIndex,
    );
  return [...members].sort((a, b) => a - b);
}
