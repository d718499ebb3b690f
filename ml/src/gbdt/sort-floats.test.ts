import { expect, test } from "vitest";
import { draws } from "../../test/gbdt/draws.ts";
import { sortFloats } from "./sort-floats.ts";

test.each([0, 1, 2000, 5000, 70_000])("sortFloats of %i values is the built-in sort", (length) => {
  const draw = draws(length + 1);
  const special = [0, -0, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38, 1, -1];
  const values = Float32Array.from({ length }, (_, i) =>
    i % 9 === 0 ? special[i % 10] : (draw() - 0.5) * 10 ** (40 * draw() - 20),
  );
  expect(sortFloats(values.slice())).toEqual(values.slice().sort());
});

test("sortFloats works on a part of a larger array", () => {
  const draw = draws(8);
  const whole = Float32Array.from({ length: 9000 }, draw);
  const expected = [...whole.subarray(0, 1000), ...whole.slice(1000, 8000).sort(), ...whole.subarray(8000)];
  sortFloats(whole.subarray(1000, 8000));
  expect([...whole]).toEqual(expected);
});
