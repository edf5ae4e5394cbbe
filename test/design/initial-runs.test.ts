/**
 * The first runs fill the simplex within its bounds, keep to the budget, and determine what they
 * are for.
 */
import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { stream } from "../../src/random/rng.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { dirichlet } from "../../src/random/dirichlet.ts";
import { InputError } from "../../src/base/errors.ts";
import { coverageOf } from "../../src/fit/result/coverage.ts";
import { predictRows } from "../../src/fit/result/predictor.ts";
import { bind } from "../../src/laws/bind.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { type DesignedRun, initialDesign } from "../../src/design/initial-runs.ts";
import { spread } from "../../src/design/spread-mixtures.ts";
import { cpuEngine } from "../fit/engines.ts";
import { point } from "../fit/fixture.ts";
import { designedRuns } from "./designed-runs.ts";

const domains = ["web", "code", "papers", "books"];
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** Runs of a design with losses of a law drawn from typical values, and 0.3 % noise. */
function trained(
  design: readonly DesignedRun[],
  law: "additive" | "chinchilla",
  names: readonly string[],
): Runs {
  const bound = bind(laws[law], names, { signs: "positive" }, { params: 3e8, tokens: 1e10 });
  const draws = stream(3, 9020);
  return designedRuns(design, names, (set) =>
    predictRows(bound, point(bound, 2, 0), set).map(
      (y, i) => y * Math.exp(3e-3 * draws.normal(i, 0)),
    ),
  );
}

describe("the runs", () => {
  test("keep to the budget, use most of it, and repeat by seed", () => {
    const made = initialDesign({ domains, flops: 1e21, seed: 7 });
    const total = sum(made.map(({ flops }) => flops));
    expect(total).toBeLessThanOrEqual(1e21);
    expect(total).toBeGreaterThan(0.8e21);
    for (const { params, tokens, flops } of made) expect(flops).toBe(6 * params * tokens);
    expect(made).toHaveLength(36);
    expect(initialDesign({ domains, flops: 1e21, seed: 7 })).toEqual(made);
    expect(initialDesign({ domains, flops: 1e21, seed: 8 })).not.toEqual(made);
  });

  test("vary N and D apart, at four sizes and three token ratios, each mixture as often as the others", () => {
    const made = initialDesign({ domains, flops: 1e21 });
    const inputs = {
      params: Float64Array.from(made, (r) => r.params),
      tokens: Float64Array.from(made, (r) => r.tokens),
    };
    const coverage = coverageOf({ inputs, rows: made.length });
    expect(coverage.sizes).toBe(4);
    expect(Math.abs(coverage.correlation ?? 1)).toBeLessThan(0.75);
    const times = Array.from(
      { length: 12 },
      (_, m) => made.filter(({ mixture }) => mixture === m).length,
    );
    expect(times).toEqual(times.map(() => 3));
  });

  test("determine α, β and the rest of the law", async () => {
    const engine = await cpuEngine();
    const mixed = (
      await engine.fit(
        laws.additive,
        trained(
          initialDesign({ domains, flops: 1e21, runs: 72, mixtures: 24 }),
          "additive",
          domains,
        ),
        {
          restarts: 64,
        },
      )
    ).fits[0];
    expect(mixed.certificate.notIdentified.filter((name) => !name.includes("["))).toEqual([]);
    const plain = (
      await engine.fit(
        laws.chinchilla,
        trained(initialDesign({ domains: [], flops: 1e21 }), "chinchilla", []),
        { restarts: 32 },
      )
    ).fits[0];
    expect(plain.certificate.notIdentified).toEqual([]);
  });

  test("that cannot be are refused with a remedy", () => {
    expect(() => initialDesign({ domains })).toThrow(/‘flops’, or which ‘sizes’/);
    expect(() => initialDesign({ domains, flops: 1e21, runs: 5 })).toThrow(
      /5 runs do not cover 4 sizes at 3 token ratios/,
    );
    expect(() => initialDesign({ domains, flops: 1e15, sizes: [1e9] })).toThrow(
      /cost .* more than ‘flops’/,
    );
    expect(() => initialDesign({ domains, flops: 1e21, floors: { wbe: 0.1 } })).toThrow(
      /‘floors.wbe’: the domains are/,
    );
    expect(() => initialDesign({ domains, flops: 1e21, floors: { web: 0.7, code: 0.5 } })).toThrow(
      /the floors sum to 1.24, more than 1/,
    );
    expect(() =>
      initialDesign({
        domains,
        flops: 1e21,
        caps: { web: 0.1, code: 0.1, papers: 0.1, books: 0.1 },
      }),
    ).toThrow(/the caps sum to 0.4, less than 1/);
    expect(() =>
      initialDesign({ domains, flops: 1e21, floors: { web: 0.5 }, caps: { web: 0.2 } }),
    ).toThrow(InputError);
  });
});

describe("the mixtures", () => {
  const distance = (a: Float64Array, b: Float64Array): number =>
    Math.sqrt(sum(a.map((x, i) => (Math.sqrt(x) - Math.sqrt(b[i])) ** 2)));
  const least = (all: readonly Float64Array[]): number =>
    all.reduce(
      (low, a, i) => all.slice(0, i).reduce((l, b) => Math.min(l, distance(a, b)), low),
      Infinity,
    );

  test("are farther from each other than random ones", () => {
    const made = spread(new Float64Array(5).fill(0.02), new Float64Array(5).fill(1), 20, 1);
    const draws = stream(1, 9021);
    const random = Array.from({ length: 50 }, (_, s) =>
      least(Array.from({ length: 20 }, (__, n) => dirichlet(draws, 100 * s + n, 1, 5))),
    );
    expect(least(made)).toBeGreaterThan(1.5 * Math.max(...random));
  });

  test("keep to any floors and caps and sum to 1", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 8,
          },
        ),
        fc.integer(),
        (raw, seed) => {
          const k = raw.length;
          const lower = Float64Array.from(raw, ([a]) => (0.9 * a) / k);
          const upper = Float64Array.from(raw, ([a, b]) => Math.min(1, (0.9 * a) / k + b + 1 / k));
          for (const h of spread(lower, upper, 6, seed)) {
            expect(sum(h)).toBeCloseTo(1, 12);
            for (const [i, x] of h.entries())
              expect(x >= lower[i] - 1e-12 && x <= upper[i] + 1e-12).toBe(true);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("phases", () => {
  const asked = { domains, flops: 1e21, mixtures: 12, seed: 4 };
  const phased = initialDesign({ ...asked, phases: ["main", "anneal"] });

  test("have mixtures of their own, and the first those of a design without phases", () => {
    const k = domains.length;
    for (const [i, run] of initialDesign(asked).entries()) {
      const { weights, params, tokens } = phased[i] ?? run;
      expect({ params, tokens }).toEqual({ params: run.params, tokens: run.tokens });
      expect(weights.subarray(0, k)).toEqual(run.weights);
      expect(weights).toHaveLength(2 * k);
      expect(sum(weights.subarray(k))).toBeCloseTo(1, 9);
    }
    const annealed = new Set(phased.map(({ weights }) => weights.subarray(k).join()));
    expect(annealed.size).toBe(12);
    expect(phased.filter(({ weights }) => weights.subarray(0, k).join() === weights.subarray(k).join()).length).toBeLessThan(4); // prettier-ignore
  });

  test("are named once, beside domains", () => {
    expect(() => initialDesign({ ...asked, phases: ["main", "main"] })).toThrow("main,main");
    expect(() => initialDesign({ ...asked, phases: ["main"] })).toThrow("name two phases or more");
    expect(() => initialDesign({ ...asked, domains: [], phases: ["a", "b"] })).toThrow("a,b");
  });
});
