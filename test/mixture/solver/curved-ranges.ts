/** Near-optimal ranges where constraints are curved, or the goal is. */
import { expect } from "vitest";
import { InputError } from "../../../src/base/errors.ts";
import { optimize } from "../../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../../src/mixture/request/optimize-options.ts";
import { AT, drawLosses, fileOf } from "../fixture.ts";

/** Expects that the ranges of k domains end where they should. */
export async function expectCurvedRanges(k: number): Promise<void> {
  const file = fileOf(drawLosses("joint", k, 3, 8));
  for (const more of [
    { objective: "worst" },
    { noWorse: { loss_1: 1.0005 } },
    { constraints: { trust: { measure: "kl", radius: 0.01 } } },
    { constraints: { atLeastOrZero: { d0: 0.02 } } },
  ] as const) {
    const options: OptimizeOptions = { ...AT, samples: 512, ...more };
    const wide = await optimize(file, { ...options, epsilon: 2e-3 });
    const { ranges } = wide.sharpness;
    // Each end is an optimum within ε when the share is fixed there, and no longer 5 % of the
    // width beyond.
    const at = (d: string, x: number): Promise<number> =>
      optimize(file, {
        ...options,
        epsilon: 0,
        samples: 0,
        constraints: { ...options.constraints, fixed: { [d]: x } },
      }).then(
        ({ objective }) => objective,
        (error: unknown) => {
          if (error instanceof InputError) return Infinity;
          throw error;
        },
      );
    for (const [d, [min, max]] of Object.entries(ranges)) {
      const width = max - min;
      const [low, high] = [await at(d, min), await at(d, max)];
      expect(Math.max(low, high)).toBeLessThanOrEqual(wide.objective + 2e-3 + 1e-9);
      if (max + 0.05 * width < 1)
        expect(await at(d, max + 0.05 * width)).toBeGreaterThan(wide.objective + 2e-3);
      if (min - 0.05 * width > 0)
        expect(await at(d, min - 0.05 * width)).toBeGreaterThan(wide.objective + 2e-3);
    }
  }
}
