import { describe, expect, test } from "vitest";
import { optimizePath } from "../../../../src/mixture/path.ts";
import { optimize } from "../../../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../../../src/mixture/request/optimize-options.ts";
import { resolver } from "../../../../src/mixture/solver/resolver.ts";
import { AT, drawLosses, fileOf } from "../../fixture.ts";

const k = 3;
/** The largest trained shares are 0.1, 0.5 and 0.8. */
const trained = [
  [0.1, 0.1, 0.8],
  [0.02, 0.5, 0.48],
  [0.05, 0.3, 0.65],
];
const losses = drawLosses("additive", k, 2, 5);
const file = fileOf(losses, trained);
const REQUEST: OptimizeOptions = { ...AT, samples: 256, epsilon: 1e-3 };
/** A goal whose best mixture has much of d0, and prices that are known. */
const free = await optimize(file, { ...REQUEST, beyond: true });

test("without a limit the best mixture has more of a domain than 1.5 × what was trained", () => {
  expect(free.weights["d0"]).toBeGreaterThan(0.15);
});

describe("a share is at most 1.5 × the largest one trained", () => {
  test("by default, in the optimum, its near-optimal set, along a path and in a resolver", async () => {
    const best = await optimize(file, REQUEST);
    expect(best.weights["d0"]).toBeCloseTo(0.15, 12);
    expect(best.sharpness.ranges["d0"]?.[1]).toBeLessThanOrEqual(0.15 + 1e-12);
    expect(best.active.map(({ constraint }) => constraint)).toEqual(["trained d0 ≤ 15 %"]);
    const rows = await optimizePath(file, (options) => optimize(file, options), REQUEST, [AT]);
    expect(rows[0]?.optimum.weights).toEqual(best.weights);
    expect(resolver(file, { ...AT }).solve({}).h[0]).toBeCloseTo(0.15, 12);
  });

  test("with the price that a cap of the same place has", async () => {
    const [limited, capped] = [
      await optimize(file, REQUEST),
      await optimize(file, { ...REQUEST, beyond: true, constraints: { caps: { d0: 0.15 } } }),
    ];
    expect(limited.active[0]?.perPercent).toBeGreaterThan(0);
    expect(limited.active[0]?.perPercent).toBeCloseTo(capped.active[0]?.perPercent ?? NaN, 9);
  });

  test("with what lifting it would predict, where it binds", async () => {
    const { trainedLimit, objective } = await optimize(file, REQUEST);
    expect(trainedLimit).toMatchObject({
      factor: 1.5,
      largest: { d0: 0.1, d1: 0.5, d2: 0.8 },
    });
    expect(trainedLimit?.lifted?.objective).toBeLessThan(objective);
    expect(trainedLimit?.lifted?.objective).toBeCloseTo(free.objective, 9);
    const inside = { caps: { d0: 0.05 }, fixed: { d2: 0.5 } };
    const elsewhere = await optimize(file, { ...REQUEST, constraints: inside });
    expect(elsewhere.trainedLimit).toMatchObject({ lifted: null });
    expect(free.trainedLimit).toBeNull();
  });

  test("also where the best mixture without them is nearly all of one domain", async () => {
    const domains = 12;
    const even = Array.from({ length: domains }, () => 1 / domains);
    const found: number[] = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const many = fileOf(drawLosses("joint", domains, 1, seed), [even]);
      const request = { ...AT, samples: 0, epsilon: 0 };
      const { trainedLimit } = await optimize(many, request);
      const without = await optimize(many, { ...request, beyond: true });
      found.push((trainedLimit?.lifted?.objective ?? NaN) - without.objective);
    }
    for (const higher of found) expect(higher).toBeLessThan(1e-6);
  });

  test.each<[string, OptimizeOptions]>([
    ["a cap of the domain", { constraints: { caps: { d0: 0.3 } } }],
    ["a fixed share of the domain", { constraints: { fixed: { d0: 0.3 } } }],
  ])("unless %s says otherwise", async (_, options) => {
    expect((await optimize(file, { ...REQUEST, ...options })).weights["d0"]).toBeGreaterThan(0.2);
  });

  test("not where the fit file has no mixtures", async () => {
    const { weights } = await optimize(fileOf(losses), REQUEST);
    expect(weights["d0"]).toBeCloseTo(free.weights["d0"] ?? NaN, 6);
  });

  test("and a floor above it is a conflict that names what lifts it", async () => {
    await expect(optimize(file, { ...REQUEST, constraints: { floors: { d0: 0.4 } } }))
      .rejects //
      .toThrow(
        'floor d0 ≥ 40 %, trained d0 ≤ 15 % (shares are at least 0 and sum to 1). Relax one of them. Those that begin with "trained" are 1.5 × the largest share of any training run, and hold unless ‘beyond’ lifts them.',
      );
    await expect(
      optimize(file, { ...REQUEST, constraints: { caps: { d1: 0.01, d2: 0.5 } } }),
    ).rejects.toThrow("‘beyond’");
  });
});
