// The kernels, compiled together into kernel.wasm (`npm run kernel -w @rossmann/ml`). What each does is said once, at its
// TypeScript face in ml/src/gbdt/kernels.ts; here stands how. All arguments called after a place are byte addresses.
export { addTrees } from "./add-trees";
export { binarise } from "./binarise";
export { histogram } from "./histogram";
export { leafIndex } from "./leaf-index";
export { pack } from "./pack";
export { add, subtract } from "./pairs";
export { partition } from "./partition";
export { sampleRows } from "./sample-rows";
export { scan } from "./scan";
export { sumByLeaf } from "./sum-by-leaf";
