import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solveRidge } from "./cholesky.ts";

function solve(a: number[][], b: number[], penalties: number[]): number[] {
  const p = b.length;
  const out = new Float64Array(p);
  const flat = Float64Array.from(a.flat());
  solveRidge(flat, Float64Array.from(penalties), Float64Array.from(b), out, new Float64Array(p * p));
  return Array.from(out);
}

describe("solveRidge", () => {
  it("solves a system worked out by hand", () => {
    // 4x + 2y = 10, 2x + 3y = 9 has the solution (1.5, 2).
    const [x, y] = solve(
      [
        [4, 2],
        [2, 3],
      ],
      [10, 9],
      [0, 0],
    );
    expect(x).toBeCloseTo(1.5, 12);
    expect(y).toBeCloseTo(2, 12);
  });

  it("reads only the upper triangle", () => {
    expect(
      solve(
        [
          [4, 2],
          [99, 3],
        ],
        [10, 9],
        [0, 0],
      ),
    ).toEqual(
      solve(
        [
          [4, 2],
          [2, 3],
        ],
        [10, 9],
        [0, 0],
      ),
    );
  });

  it("gives 0 for a column that no row decides", () => {
    expect(
      solve(
        [
          [4, 0, 2],
          [0, 0, 0],
          [2, 0, 3],
        ],
        [10, 0, 9],
        [0, 0, 0],
      )[1],
    ).toBe(0);
  });

  it("leaves no remainder for any regular system", () => {
    const cell = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 9 }),
        fc.array(cell, { minLength: 4, maxLength: 4 }),
        (rows, b) => {
          // XᵀX + I is regular for every X.
          const gram = [0, 1, 2, 3].map((i) =>
            [0, 1, 2, 3].map((j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
          );
          const x = solve(gram, b, [1, 1, 1, 1]);
          for (let i = 0; i < 4; i++) {
            const left = gram[i].reduce((sum, value, j) => sum + value * x[j], 0) + x[i];
            expect(left).toBeCloseTo(b[i], 6);
          }
        },
      ),
    );
  });
});
