/** Laws with small exponents are infinitely steep at a share of 0: one that is held there stays. */
import { expect, test } from "vitest";
import { optimize } from "../../src/mixture/optimize.ts";
import { stream } from "../../src/random/rng.ts";
import { AT, drawLosses, fileOf } from "./fixture.ts";

/** Losses whose exponents are drawn from a range, and whose coefficients span 6 units of ln C. */
function steepLosses(seed: number, least: number, most: number) {
  const draws = stream(seed, 7011);
  const law = seed % 2 === 0 ? "mixture" : "additive";
  return drawLosses(law, 3 + (seed % 6), 1 + (seed % 3), seed).map((loss, t) => ({
    ...loss,
    fitted: {
      ...loss.fitted,
      theta: loss.fitted.law.coordinates.map(({ name }, i) => {
        if (name.startsWith("gamma")) return least + (most - least) * draws.uniform(t, i);
        return name.startsWith("lnC") ? -3 + 6 * draws.uniform(t, 100 + i) : loss.fitted.theta[i];
      }),
    },
  }));
}

test.each([
  [0.05, 0.95],
  [0.3, 1.8],
])(
  "a domain that is capped at 0 leaves the others certified: exponents %d to %d",
  async (least, most) => {
    for (let seed = 1; seed <= 12; seed++) {
      const best = await optimize(fileOf(steepLosses(seed, least, most)), {
        ...AT,
        beyond: true,
        epsilon: 0,
        samples: 64,
        constraints: { caps: { d0: 0, ...(seed % 4 === 0 && { d1: 0.2 }) } },
      });
      expect(best.certificate.certified, `seed ${seed}`).toBe(true);
      expect(best.weights["d0"]).toBe(0);
      // What is steep at 0 would be worth having.
      if (most < 1)
        expect(best.active.map(({ constraint }) => constraint)).toContain("cap d0 ≤ 0 %");
    }
  },
);
