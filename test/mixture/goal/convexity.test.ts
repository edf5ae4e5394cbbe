import { describe, expect, test } from "vitest";
import { evaluate } from "../../../src/expr/float64.ts";
import { argumentsOf, type Known, type Node } from "../../../src/expr/graph.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import { smoothQuantile } from "../../../src/mixture/certainty/smooth-quantile.ts";
import type { Demands } from "../../../src/mixture/constraints/constraint-kinds.ts";
import { proveConvex } from "../../../src/mixture/goal/convexity.ts";
import { meanGoal, type TargetLoss } from "../../../src/mixture/goal/goal.ts";
import { surface } from "../../../src/mixture/goal/surface.ts";
import { poseProblem } from "../../../src/mixture/problem/pose-problem.ts";
import { bulge, drawShares, drawsOf } from "../../expr/curvature/checks.ts";
import { namesOf } from "../../laws/fixture.ts";
import { AT, drawLosses, fileOf, regionFor } from "../fixture.ts";

/**
 * Losses with some of their coordinates changed: a value by name and target, undefined to keep it.
 */
function changed(
  losses: readonly TargetLoss[],
  change: (name: string, value: number, target: number) => number,
): TargetLoss[] {
  return losses.map((loss, t) => {
    const names = namesOf(loss.fitted.law);
    const theta = Float64Array.from(loss.fitted.theta, (x, i) => change(names[i], x, t));
    return { ...loss, fitted: { ...loss.fitted, theta } };
  });
}

const isGamma = (name: string): boolean => name.startsWith("gamma");

/** The proof for losses, as optimize poses the problem. */
function proofOf(
  losses: readonly TargetLoss[],
  { noWorse, ...constraints }: Demands = {},
  options: Parameters<typeof poseProblem>[1] = {},
) {
  const problem = poseProblem(fileOf(losses), { ...AT, beyond: true, constraints, ...(noWorse === undefined ? {} : { noWorse }), ...options }); // prettier-ignore
  return proveConvex(problem);
}

/**
 * The largest bulge of the law above its chords, near and far, also at the edges of the simplex.
 */
function worstBulge(losses: readonly TargetLoss[], k: number, seed: number): number {
  const draw = drawsOf(seed);
  const { law } = surface(losses, AT, k);
  const bulges = Array.from({ length: 60 }, (_, n) => {
    const a = drawShares(draw, k, n % 2 === 0);
    const far = drawShares(draw, k, n % 3 === 0);
    const reach = 10 ** (-3 * draw());
    const b = a.map((share, i) => (1 - reach) * share + reach * far[i]);
    return bulge(law, a, b, 0.1 + 0.8 * draw());
  });
  return Math.max(...bulges.filter((x) => !Number.isNaN(x)));
}

const MIXTURE_LAWS = ["linear", "log-linear", "data-mixing", "data-mixing-m1", "data-mixing-m2", "mixture", "mixture-tokens", "additive", "simple", "joint", "full"]; // prettier-ignore

const FORMULAS = [
  "E + K*exp(dot(t, h)) + B/tokens^b",
  "E + 1/sum(C[i]*h[i]^g[i])",
  "E + sum(C[i]*exp(-g[i]*h[i]))",
  "exp(dot(t, h))*(E + B/tokens^b)",
  "E + max(v[i] - w[i]*h[i])",
  "E + A/(dot(c, h) + 1)^a",
  'E + (dot(c, h))^2 + sqrt(0.1 + h["d1"]*abs(K))',
  'E + A/h["d0"]^a',
  "E + tanh(dot(t, h))",
];

describe("a proof that a problem is convex", () => {
  test.each(MIXTURE_LAWS)("of %s is refuted by no chord", (name) => {
    for (let seed = 1; seed <= 12; seed++) {
      const k = 2 + (seed % 4);
      const losses = drawLosses(name, k, 1 + (seed % 2), seed);
      const { convex, reasons } = proofOf(losses);
      expect(reasons.length === 0).toBe(convex);
      if (convex) expect(worstBulge(losses, k, seed), `seed ${seed}`).toBeLessThan(1e-12);
    }
  });

  test.each(FORMULAS)("of %s is refuted by no chord", (formula) => {
    for (let seed = 1; seed <= 8; seed++) {
      const losses = drawLosses("formula", 3, 1, seed, lawFromFormula(formula));
      const goal = meanGoal(losses, AT, 3);
      if (proveConvex({ goal, region: regionFor(3), fits: losses, at: AT }).convex)
        expect(worstBulge(losses, 3, seed), `seed ${seed}`).toBeLessThan(1e-12);
    }
  });

  test("of bimix, and of a law that is infinite at the edge, holds", () => {
    const inverse = lawFromFormula('E + A/h["d0"]^a + B/tokens^b');
    for (const law of [undefined, inverse]) {
      const losses = drawLosses(law === undefined ? "bimix" : "formula", 3, 2, 1, law);
      const goal = meanGoal(losses, AT, 3);
      expect(proveConvex({ goal, region: regionFor(3), fits: losses, at: AT }).convex).toBe(true);
      expect(surface(losses, AT, 3).law(Float64Array.of(0, 0.5, 0.5))).toBe(Infinity);
    }
  });

  const CONSTRAINTS: readonly (readonly [string, Demands])[] = [
    ["none", {}],
    ["bounds of shares", { floors: { d0: 0.05 }, caps: { d1: 0.5 }, fixed: { d2: 0.1 } }],
    ["sums and ratios", { groups: [{ domains: ["d0", "d1"], max: 0.8 }], ratio: [{ numerator: ["d0"], denominator: ["d1"], max: 2 }] }], // prettier-ignore
    ["tokens there are", { available: { d0: 1e11 }, maxEpochs: 2 }],
    ["balls", { trust: { measure: "l1", radius: 0.5 } }],
    ["a divergence", { trust: { measure: "kl", radius: 0.1 } }],
    ["pieces", { atLeastOrZero: { d0: 0.1, d3: 0.05 } }],
    ["targets that must not get worse", { noWorse: { loss_0: 1.1 } }],
  ];

  describe.each(["mixture", "mixture-tokens", "additive"])("%s with exponents up to 1", (name) => {
    test.each(CONSTRAINTS)("is convex: %s", (_, demands) => {
      for (const most of [0, 0.4, 1]) {
        const losses = changed(drawLosses(name, 4, 3, 5), (parameter, value) =>
          isGamma(parameter) ? Math.min(value, most) : value,
        );
        expect(proofOf(losses, demands)).toMatchObject({ convex: true, reasons: [] });
        expect(proofOf(losses, demands, { objective: "worst" }).convex).toBe(true);
      }
    });
  });

  describe.each(["linear", "log-linear", "data-mixing"])("%s at any point", (name) => {
    test.each(CONSTRAINTS)("is convex: %s", (_, demands) => {
      for (const seed of [1, 2, 3]) {
        const losses = drawLosses(name, 4, 3, seed);
        expect(proofOf(losses, demands).convex).toBe(true);
        expect(proofOf(losses, demands, { objective: "worst" }).convex).toBe(true);
      }
    });
  });

  test("power means are convex up to s = 1, and above it for γ = 1/s below 0", () => {
    for (const [s, convex] of [
      [-3, true],
      [0, true],
      [0.3, true],
      [1, true],
      [1.2, false],
    ] as const) {
      const losses = changed(drawLosses("simple", 4, 2, 3), (name, value) =>
        name === "s" ? s : value,
      );
      const proof = proofOf(losses);
      expect(proof.convex, `s = ${s}`).toBe(convex);
      if (convex) expect(worstBulge(losses, 4, 3)).toBeLessThan(1e-12);
      else expect(worstBulge(losses, 4, 3)).toBeGreaterThan(1e-6);
    }
  });

  test("an exponent above 1 is named, with its target", () => {
    const losses = changed(drawLosses("additive", 3, 2, 1), (name, value, target) =>
      isGamma(name) ? (target === 1 && name === "gamma[d2]" ? 1.3 : 0.5) : value,
    );
    const { convex, reasons } = proofOf(losses);
    expect(convex).toBe(false);
    expect(reasons).toEqual(["gamma[d2] = 1.3 is above 1 in loss_1"]);
    expect(proofOf(losses, { fixed: { d2: 0.2 } }).convex).toBe(true);
    expect(proofOf(losses, {}, { objective: { loss_0: 1 } }).convex).toBe(true);
    const curved = proofOf(losses, { noWorse: { loss_1: 1.02 } }, { objective: { loss_0: 1 } });
    expect(curved.reasons).toEqual(reasons);
    // A last digit above 1 is no 1.
    const barely = changed(losses, (name, value) =>
      isGamma(name) ? Math.min(value, 1 + 1e-13) : value,
    );
    expect(proofOf(barely).reasons).toEqual(["gamma[d2] = 1.0000000000001 is above 1 in loss_1"]);
  });

  test("a quantile of losses is none", () => {
    const losses = drawLosses("log-linear", 3, 2, 1);
    const each = losses.map(({ fitted }) => surface([{ fitted, weight: 1 }], AT, 3));
    const objective = smoothQuantile(each, 0.9, Float64Array.of(0.3, 0.3, 0.4));
    const proof = proveConvex({
      goal: { kind: "mean", objective },
      region: regionFor(3),
      fits: losses,
      at: AT,
    });
    expect(proof).toMatchObject({ convex: false, stationaryIsGlobal: false });
  });

  test("one increasing function of a convex one has no other local minima; a sum may have", () => {
    const losses = changed(drawLosses("simple", 4, 2, 3), (name, value) =>
      name === "s" ? 2 : value,
    );
    const single = proofOf(losses, {}, { objective: { loss_0: 1 } });
    expect(single).toMatchObject({ convex: false, stationaryIsGlobal: true, leastAtVertex: true });
    expect(proofOf(losses).stationaryIsGlobal).toBe(false);
    expect(proofOf(losses, {}, { objective: "worst" }).stationaryIsGlobal).toBe(true);
  });

  test("a concave goal is least at a vertex", () => {
    const steep = changed(drawLosses("mixture", 4, 2, 3), (name, value) =>
      isGamma(name) ? 1.5 : value,
    );
    expect(proofOf(steep, {}, { objective: { loss_0: 1 } }).leastAtVertex).toBe(true);
    expect(proofOf(steep).leastAtVertex).toBe(false);
  });
});

/** The nodes of a graph that have another form. */
function withForms(root: Node): Known[] {
  const [found, todo] = [new Set<Known>(), [root]];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.kind === "known" && node.equal !== undefined) found.add(node);
    todo.push(...(node.kind === "known" ? [node.value] : argumentsOf(node)));
  }
  return [...found];
}

test("the other forms that laws give are equal to what is computed, at mixtures", () => {
  let count = 0;
  for (const name of MIXTURE_LAWS) {
    for (let seed = 1; seed <= 10; seed++) {
      const [{ fitted }] = drawLosses(name, 3, 1, seed);
      const h = drawShares(drawsOf(seed), 3, true);
      for (const { value, equal = value } of withForms(fitted.law.loss)) {
        const [ours, theirs] = evaluate([value, equal], (leaf) => {
          if (leaf.kind === "param") return fitted.theta[leaf.index];
          return leaf.kind === "weight" ? h[leaf.index] : 1e9;
        });
        expect(Math.abs(ours - theirs), `${name}, seed ${seed}`).toBeLessThan(1e-11 * (1 + Math.abs(ours))); // prettier-ignore
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(100);
});
