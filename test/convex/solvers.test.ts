import { describe, expect, test } from "vitest";
import { descend } from "../../src/convex/projected-gradient.ts";
import { mirror } from "../../src/convex/mirror-descent.ts";
import { projectBox } from "../../src/convex/project-box.ts";
import { surface } from "../../src/mixture/goal/surface.ts";
import { AT, drawLosses, drawMixture, total } from "../mixture/fixture.ts";

const OPTIONS = { iterations: 5000, tolerance: 1e-10 } as const;

const uniform = (k: number): Float64Array => new Float64Array(k).fill(1 / k);

describe.each([1, 2, 7, 64])("on the simplex, k = %i", (k) => {
  const [lower, upper] = [new Float64Array(k), new Float64Array(k).fill(1)];
  const project = (y: Float64Array): Float64Array => projectBox(y, lower, upper);

  test("projected gradient and mirror descent agree, and no drawn mixture is better", () => {
    for (const law of ["additive", "joint"]) {
      const s = surface(drawLosses(law, k, 3, 11), AT, k);
      const found = descend(s, project, uniform(k), OPTIONS);
      expect(total(found.h)).toBeCloseTo(1, 12);
      expect(found.residual).toBeLessThan(1e-7);
      const other = mirror(s, lower, upper, uniform(k), { iterations: 20_000, tolerance: 1e-8 });
      expect(Math.abs(other.loss - found.loss)).toBeLessThan(1e-6);
      for (let n = 0; n < 200; n++)
        expect(s.value(drawMixture(k, 3, n))).toBeGreaterThanOrEqual(found.loss - 1e-12);
    }
  });
});
