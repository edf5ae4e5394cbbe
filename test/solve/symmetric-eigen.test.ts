import { expect, test } from "vitest";
import { symmetricEigen } from "../../src/solve/symmetric-eigen.ts";
import { fc } from "../support/property.ts";

test("a matrix with an entry that is no finite number has none", () => {
  for (const x of [NaN, Infinity, -Infinity])
    expect(symmetricEigen([[1, x], [x, 1]])).toBeUndefined(); // prettier-ignore
});

test("entries of any size: A·v = λ·v, and no failure", () => {
  const entry = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -300, max: 300 })).map(([digit, power]) => digit * 10 ** power); // prettier-ignore
  const rows = fc
    .integer({ min: 1, max: 5 })
    .chain((n) =>
      fc
        .array(entry, { minLength: n * n, maxLength: n * n })
        .map((flat) =>
          Array.from({ length: n }, (_, i) =>
            Array.from({ length: n }, (__, j) => flat[Math.min(i, j) * n + Math.max(i, j)]),
          ),
        ),
    );
  fc.assert(
    fc.property(rows, (matrix) => {
      const found = symmetricEigen(matrix);
      if (found === undefined) throw new Error("finite matrices have eigenvalues");
      const largest = Math.max(...matrix.flat().map(Math.abs));
      for (const [e, vector] of found.vectors.entries())
        for (const row of matrix) {
          const product = row.reduce((sum, x, j) => sum + x * vector[j], 0);
          const i = matrix.indexOf(row);
          expect(Math.abs(product - found.values[e] * vector[i])).toBeLessThanOrEqual(
            1e-12 * largest,
          );
        }
    }),
  );
});
