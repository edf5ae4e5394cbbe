import { describe, expect, test } from "vitest";
import { optimize } from "../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import { AT, drawLosses, drawMixture, fileOf, total } from "./fixture.ts";

const k = 5;
const trained = Array.from({ length: 20 }, (_, n) => [...drawMixture(k, 12, n)]);
const file = fileOf(drawLosses("joint", k, 3, 17), trained);
const reference = Object.fromEntries([...drawMixture(k, 13, 0)].map((x, i) => [`d${i}`, x]));
/** Without the near-optimal set, which costs more than all else and is tested on its own. */
const solve = (options: OptimizeOptions) =>
  optimize(file, { ...AT, samples: 4096, epsilon: 0, reference, ...options });
const free = await solve({});
const share = (d: string): number => free.weights[d];
/** The domains with the largest shares: limits on them bind. */
const [big, next, third] = Object.keys(free.weights).toSorted((a, b) => share(b) - share(a));

/**
 * Each kind of constraint as a function of its bound, at a bound that binds, and the sign of "more
 * room".
 */
const kinds: [string, (x: number) => OptimizeOptions, number, 1 | -1][] = [
  ["cap", (x) => ({ constraints: { caps: { [big]: x } } }), 0.8 * share(big), 1],
  ["floor", (x) => ({ constraints: { floors: { [next]: x } } }), 0.1 + share(next), -1],
  [
    "group",
    (x) => ({ constraints: { groups: [{ domains: [next, third], min: x }] } }),
    0.1 + share(next) + share(third),
    -1,
  ],
  ["l1 ball", (x) => ({ constraints: { trust: { measure: "l1", radius: x } } }), 0.1, 1],
  ["kl ball", (x) => ({ constraints: { trust: { measure: "kl", radius: x } } }), 0.01, 1],
  [
    "no-worse",
    (x) => ({ noWorse: { loss_0: x } }),
    (0.997 * free.predicted["loss_0"]) / free.reference.predicted["loss_0"],
    1,
  ],
];

test("what was asked for, read from the file, gives the same optimum again", async () => {
  const best = await solve({
    onProgress: () => undefined,
    noWorse: { loss_1: 1.05 },
    constraints: { caps: { [big]: 0.3 }, groups: [{ domains: ["d2", "d3"], min: 0.3 }] },
    epsilon: 1e-3,
    seed: 3,
    samples: 256,
  });
  const written = JSON.parse(JSON.stringify(best)) as typeof best;
  expect(Object.keys(written.request)).not.toContain("onProgress");
  expect(written.request).toMatchObject({ ...AT, seed: 3, noWorse: { loss_1: 1.05 }, reference });
  const again = await optimize(file, written.request);
  expect(JSON.parse(JSON.stringify(again))).toEqual(written);
});

test("a domain that is left out has the share 0, and not what rounding made of it", async () => {
  const { weights } = await solve({ beyond: true, constraints: { floors: { [big]: 0.97 } } });
  expect(Object.values(weights)).toContain(0);
  expect(Object.values(weights).filter((x) => x !== 0 && x < 1e-12)).toEqual([]);
});

describe("the optimum under constraints", () => {
  test.each(kinds)(
    "%s: feasible, certified, and its price is what a re-solve gains",
    async (_, of, bound, sign) => {
      const best = await solve(of(bound));
      expect(best.certificate).toMatchObject({ certified: true });
      expect(total(Float64Array.from(Object.values(best.weights)))).toBeCloseTo(1, 9);
      const step = 1e-4;
      const [more, less] = [
        await solve({ ...of(bound + step), samples: 0 }),
        await solve({ ...of(bound - step), samples: 0 }),
      ];
      const gain = (0.01 * sign * (less.objective - more.objective)) / (2 * step);
      expect(best.active).toHaveLength(1);
      expect(best.active[0].perPercent / gain).toBeCloseTo(1, 2);
    },
  );

  test("all together", async () => {
    const best = await solve({
      constraints: { caps: { d0: 0.3 }, floors: { d1: 0.1 }, groups: [{ domains: ["d2", "d3"], min: 0.3 }], trust: { measure: "l1", radius: 0.5 }, atLeastOrZero: { d4: 0.1 }, lattice: 1000 },
      noWorse: { loss_1: 1.05 },
    }); // prettier-ignore
    expect(best.certificate.certified).toBe(true);
    expect(best.certificate.feasibility).toBeLessThan(1e-9);
    const units = Object.values(best.lattice?.units ?? {});
    expect(units.reduce((a, b) => a + b, 0)).toBe(1000);
    const d4 = best.weights["d4"];
    expect(d4 === 0 || d4 >= 0.1).toBe(true);
    expect(best.predicted["loss_1"]).toBeLessThanOrEqual(
      1.05 * best.reference.predicted["loss_1"] + 1e-9,
    );
  });

  test("caps from available tokens, with epochs and a price per epoch", async () => {
    const enough = (0.7 * share(big) * AT.tokens) / 5;
    const of = (maxEpochs: number): OptimizeOptions => ({
      constraints: { available: { [third]: 1e12, [big]: enough }, maxEpochs },
    });
    const best = await solve(of(5));
    expect(best.allocation?.[big]).toMatchObject({ epochs: expect.closeTo(5, 9), passes: 4 });
    const [more, less] = [await solve(of(5.01)), await solve(of(4.99))];
    expect((best.active[0].perEpoch ?? 0) / ((less.objective - more.objective) / 0.02)).toBeCloseTo(
      1,
      2,
    );
  });

  test("without constraints no random mixture is better, and mirror descent agrees", async () => {
    const best = await solve({ samples: 100_000 });
    expect(best.monteCarlo?.best ?? 0).toBeGreaterThanOrEqual(best.objective);
    expect(best.objective).toBeLessThanOrEqual(
      Math.min(best.uniform.objective, best.reference.objective),
    );
    const mirrored = await solve({ solver: "mirror" });
    expect(Math.abs(mirrored.objective - best.objective)).toBeLessThan(1e-6);
    expect(best.reach.insideHull || best.warnings.length > 0).toBe(true);
  });

  test("one domain has one mixture", async () => {
    const best = await optimize(fileOf(drawLosses("additive", 1, 1, 3)), AT);
    expect(best.weights).toEqual({ d0: 1 });
    expect(best.certificate.certified).toBe(true);
  });

  test("64 domains are certified", async () => {
    const best = await optimize(fileOf(drawLosses("additive", 64, 3, 5)), {
      ...AT,
      samples: 4096,
      epsilon: 0,
    });
    expect(best.certificate.certified).toBe(true);
  });
});

describe("extrapolation is said", () => {
  const codes = async (options: OptimizeOptions): Promise<string[]> =>
    (await solve({ samples: 0, ...options })).verdict.findings.map(({ code }) => code);

  test("of a mixture outside the blends of those trained, and not of one that was trained", async () => {
    const fixedAt = (shares: readonly number[]): OptimizeOptions => ({
      constraints: { fixed: Object.fromEntries(shares.map((x, i) => [`d${i}`, x])) },
    });
    expect(await codes(fixedAt([1, 0, 0, 0, 0]))).toContain("outside-trained-mixtures");
    expect(await codes(fixedAt(trained[3] ?? []))).not.toContain("outside-trained-mixtures");
  });

  test("of N and D outside those trained, and not inside", async () => {
    expect(await codes({ params: 2e9 })).toContain("beyond-trained-scale");
    expect(await codes({ params: 5e8, tokens: 5e10 })).not.toContain("beyond-trained-scale");
  });
});

describe("what cannot be done is said", () => {
  test.each<[string, OptimizeOptions, string]>([
    [
      "an infeasible set",
      { constraints: { floors: { d0: 0.6, d1: 0.6 } } },
      "these constraints cannot hold together: floor d0 ≥ 60 %, floor d1 ≥ 60 %",
    ],
    [
      "a target the file has no fit of",
      { objective: { loss_00: 1 } },
      '‘objective’ names "loss_00", which the fit file has no fit of; did you mean "loss_0"?',
    ],
    [
      "a domain the reference makes up",
      { reference: { web: 1 } },
      '‘reference’ names the domain "web"',
    ],
    ["a reference that is no mixture", { reference: { d0: 0.5 } }, "‘reference’ sums to 0.5"],
    [
      "no-worse that nothing fulfills",
      { noWorse: { loss_0: 0.2 } },
      "no mixture fulfills no-worse loss_0 ≤ 0.2",
    ],
    [
      "a curved constraint and the one of many that it conflicts with",
      {
        constraints: {
          floors: { d0: 0.01, d1: 0.9 },
          caps: { d2: 0.7 },
          trust: { measure: "kl", radius: 0.01 },
        },
        noWorse: { loss_2: 1.5 },
        beyond: true,
      },
      "these constraints cannot hold together: floor d1 ≥ 90 %, trust kl ≤ 0.01 (the nearest mixture misses by",
    ],
    [
      "mirror descent with a group",
      { solver: "mirror", constraints: { groups: [{ domains: ["d0", "d1"], max: 0.3 }] } },
      "‘solver: mirror’ takes floors and caps only",
    ],
    [
      "a lattice too coarse",
      { constraints: { fixed: { d0: 0.15 }, lattice: 3 } },
      "the lattice is too coarse",
    ],
    ["all weights 0", { objective: { loss_0: 0 } }, "no target with a positive weight"],
  ])("%s", async (_, options, message) => {
    await expect(solve(options)).rejects.toThrow(message);
  });

  test("N missing where the law needs it", async () => {
    await expect(optimize(file, { tokens: 1e9 })).rejects.toThrow("Give them with ‘params’");
  });
});
