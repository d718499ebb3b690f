import { readFileSync } from "node:fs";
import { FEATURE_COLUMNS } from "@rossmann/ml";
import { expect, it } from "vitest";

const file = new URL("../frontend/src/features/model-intelligence/input-names.ts", import.meta.url);

it("every input of the boosted trees has a planner's words on Model Intelligence, and no words are left over", () => {
  const named = [...readFileSync(file, "utf8").matchAll(/^ {2}([a-z0-9_]+): "/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(FEATURE_COLUMNS.toSorted());
});
