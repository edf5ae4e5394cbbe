/** What the data do not determine is named; what they do is not. */
import { describe, expect, test } from "vitest";
import { certify } from "../../../src/fit/inference/certificate.ts";
import { coverageOf } from "../../../src/fit/result/coverage.ts";
import { type Identified, identify } from "../../../src/fit/inference/identify.ts";
import type { Certificate } from "../../../src/fit/result/fit-file.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import type { Law } from "../../../src/laws/law.ts";
import { predictRows } from "../../../src/fit/result/predictor.ts";
import { summandsOf } from "../../../src/laws/summands.ts";
import { finish } from "../../../src/solve/iterate.ts";
import { cpuEngine } from "../engines.ts";
import { draw, type Drawn, type Plan, problemOf, SCALE } from "../fixture.ts";
import { namesOf } from "../../laws/fixture.ts";

const engine = await cpuEngine();

async function certified(
  law: Law,
  plan: Plan,
): Promise<Certificate & { readonly warnings: readonly string[] }> {
  const [{ certificate, warnings }] = (
    await engine.fit(law, draw(law, { noise: 3e-3, ...plan }).runs, { restarts: 24 })
  ).fits;
  return { ...certificate, warnings };
}

describe("after a fit", () => {
  test("runs of enough sizes and counts determine every coordinate", async () => {
    const found = await certified(laws.additive, { domains: 2, mixtures: 10 });
    expect(found).toMatchObject({ notIdentified: [], warnings: [] });
    expect(found.gradientNorm).toBeLessThanOrEqual(1e-6);
    expect(found.conditionNumber).toBeGreaterThan(1);
  });

  test("one size: E, A and α", async () => {
    const found = await certified(laws.chinchilla, {
      sizes: [3e8],
      tokens: [1e9, 2e9, 4e9, 8e9, 16e9, 32e9, 64e9],
    });
    expect([...found.notIdentified].sort()).toEqual(["A", "E", "alpha"]);
    expect(found.directions.map(({ sentence }) => sentence).join()).toMatch(
      /^.*E against A\/N\^α.*your runs have one size only \(N = 300M\)/,
    );
    expect(found.warnings.join()).toMatch(
      /to determine E, A, alpha, add runs at N = \S+ and \S+ with D = /,
    );
    expect(found.conditionNumber === null || found.conditionNumber > 1e12).toBe(true);
  });

  test("one token count: E, B and β", async () => {
    const found = await certified(laws.chinchilla, {
      sizes: [1e7, 3e7, 1e8, 3e8, 1e9, 3e9, 1e10],
      tokens: [1e10],
    });
    expect([...found.notIdentified].sort()).toEqual(["B", "E", "beta"]);
  });

  test("one mixture: E and all of the mixture term", async () => {
    const found = await certified(laws.additive, { domains: 2, mixtures: 1 });
    const term = ["C[d0]", "C[d1]", "E", "gamma[d0]", "gamma[d1]"];
    expect([...found.notIdentified].sort()).toEqual(expect.arrayContaining(["E"]));
    // A term that ends at 0 leaves its own coordinates undetermined and E determined by less; never
    // N's and D's.
    expect(found.notIdentified.filter((name) => !term.includes(name))).toEqual([]);
    expect(found.notIdentified.length).toBeGreaterThanOrEqual(3);
  });
});

/** The certificate at the truth of a target, and what is not identified there. */
function at({
  law,
  runs,
  truths,
  ...rest
}: Drawn & { readonly theta?: Float64Array }): ReturnType<typeof certify> & Identified {
  const problem = problemOf(law, runs);
  const theta = rest.theta ?? truths[0];
  const coverage = coverageOf(runs.train);
  const found = finish(
    identify(
      {
        law,
        problem,
        target: 0,
        theta,
        scale: SCALE,
        runs: runs.train,
        coverage,
        span: 1,
        parts: summandsOf(law),
      },
      (sigma) => 100 * sigma,
    ),
  );
  return { ...certify(problem, 0, theta, namesOf(law), found.information), ...found };
}

describe("at a given point", () => {
  test("one domain: γ of h = 1 changes nothing, C is confounded with E", () => {
    const found = at(draw(laws.mixture, { domains: 1, mixtures: 5, noise: 3e-3 }));
    expect([...found.notIdentified].sort()).toEqual(["C[d0]", "E", "gamma[d0]"]);
    expect(found.conditionNumber).toBeNull();
  });

  test("a domain that is never used", () => {
    const drawn = draw(laws.mixture, { domains: 3, mixtures: 30, zeros: false, noise: 3e-3 });
    const { train } = drawn.runs;
    const weights = train.weights.map((h, i) =>
      i % 3 === 2 ? 0 : h / (1 - train.weights[3 * Math.floor(i / 3) + 2]),
    );
    const losses = [predictRows(drawn.law, drawn.truths[0], { ...train, weights })];
    const { notIdentified, directions } = at({
      ...drawn,
      runs: { ...drawn.runs, train: { ...train, weights, losses } },
    });
    expect([...notIdentified].sort()).toEqual(["C[d2]", "gamma[d2]"]);
    expect(directions[0].sentence).toBe("gamma[d2] in 1/Σᵢ Cᵢhᵢ^γᵢ: no run has any d2");
  });

  test("coordinates at their bounds are named and left out", () => {
    const drawn = draw(laws.chinchilla, { noise: 3e-3 });
    expect(at({ ...drawn, theta: drawn.truths[0].with(0, 0) }).atBound).toEqual(["E"]);
  });

  test("away from the optimum the gradient is not small, whatever the unit of the loss", () => {
    const drawn = draw(laws.chinchilla, { noise: 3e-3 });
    expect(
      at({ ...drawn, theta: drawn.truths[0].map((x) => x + 0.05) }).gradientNorm,
    ).toBeGreaterThan(1e-2);
  });
});
