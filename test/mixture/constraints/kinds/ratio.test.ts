import { describe, expect, test } from "vitest";
import { descend } from "../../../../src/convex/projected-gradient.ts";
import { mirror } from "../../../../src/convex/mirror-descent.ts";
import { projectBox } from "../../../../src/convex/project-box.ts";
import type { Smooth } from "../../../../src/convex/smooth.ts";
import { type Ratio, ratio, ratioFrom } from "../../../../src/mixture/constraints/kinds/ratio.ts";
import { parseConstraints } from "../../../../src/mixture/constraints/read-constraints.ts";
import { surface } from "../../../../src/mixture/goal/surface.ts";
import { optimize } from "../../../../src/mixture/optimize.ts";
import { optimizePath } from "../../../../src/mixture/path.ts";
import type { OptimizeOptions } from "../../../../src/mixture/request/optimize-options.ts";
import { Polytope } from "../../../../src/mixture/solver/polytope.ts";
import { namesOf } from "../../../laws/fixture.ts";
import { AT, drawLosses, drawMixture, fileOf, regionFor } from "../../fixture.ts";

const k = 4;
/** γ ≤ 1: a convex loss, so that a descent from anywhere finds what is best. */
const losses = drawLosses("additive", k, 2, 45).map((drawn) => {
  const { law, theta } = drawn.fitted;
  const convex = Float64Array.from(namesOf(law), (name, i) =>
    name.startsWith("gamma") ? Math.min(theta[i], 0.98) : theta[i],
  );
  return { ...drawn, fitted: { law, theta: convex } };
});
const file = fileOf(losses);
const loss = surface(losses, AT, k);
const solve = (options: OptimizeOptions) =>
  optimize(file, { ...AT, samples: 1024, epsilon: 0, ...options });
const free = await solve({});
const share = (domain: string): number => free.weights[domain];
const [first, second] = Object.keys(free.weights).toSorted((a, b) => share(b) - share(a));
/** first/second without a bound. */
const own = share(first) / share(second);

const index = (domain: string): number => Number(domain.slice(1));
const most = (max: number): OptimizeOptions => ({
  constraints: { ratio: [{ numerator: [first], denominator: [second], max }] },
});

/** The mixtures with first ≤ bound·second are the blends of these. */
const vertices = (bound: number): Float64Array[] => {
  const pure = [0, 1, 2, 3].filter((i) => i !== index(first));
  const mixed = new Float64Array(k);
  mixed[index(first)] = bound / (1 + bound);
  mixed[index(second)] = 1 / (1 + bound);
  return [...pure.map((i) => new Float64Array(k).fill(1, i, i + 1)), mixed];
};

/**
 * The least loss of the blends of vertices, over how much of each is in, which knows nothing of the
 * ratio: by projected gradients, and by mirror descent.
 */
function leastOfBlends(corners: readonly Float64Array[]) {
  const n = corners.length;
  const blend = (w: Float64Array): Float64Array =>
    Float64Array.from({ length: k }, (_, i) => corners.reduce((sum, v, j) => sum + w[j] * v[i], 0));
  const slope = new Float64Array(k);
  const overBlends: Smooth = {
    domains: n,
    value: (w) => loss.value(blend(w)),
    gradient(w, out) {
      const value = loss.gradient(blend(w), slope);
      for (const [j, v] of corners.entries())
        out[j] = v.reduce((sum, x, i) => sum + x * slope[i], 0);
      return value;
    },
  };
  const [lower, upper] = [new Float64Array(n), new Float64Array(n).fill(1)];
  const even = new Float64Array(n).fill(1 / n);
  const options = { iterations: 20_000, tolerance: 1e-11 };
  const best = descend(overBlends, (w) => projectBox(w, lower, upper), even, options);
  const mirrored = mirror(overBlends, lower, upper, even, options);
  const h = blend(best.h);
  // By the law itself, which below a share of a millionth is not what the solvers see.
  return { loss: loss.law(h), mirrored: loss.law(blend(mirrored.h)), h };
}

describe("the optimum under a ratio", () => {
  test.each([0.01, 0.1, 0.5, 0.9])(
    "of %d of what it would be: certified, and the best blend of the vertices",
    async (part) => {
      const bound = part * own;
      const best = await solve(most(bound));
      expect(best.certificate.certified).toBe(true);
      const h = Float64Array.from(Object.values(best.weights));
      expect(h[index(first)]).toBeCloseTo(bound * h[index(second)], 9);
      const expected = leastOfBlends(vertices(bound));
      expect(Math.abs(best.objective - expected.loss)).toBeLessThan(1e-11);
      expect(Math.abs(best.objective - expected.mirrored)).toBeLessThan(1e-6);
      for (const [i, x] of expected.h.entries()) expect(Math.abs(h[i] - x)).toBeLessThan(1e-6);
    },
  );

  test("of 0 leaves the domain out, as a cap of 0 does", async () => {
    const [none, capped] = [await solve(most(0)), await solve({ constraints: { caps: { [first]: 0 } } })]; // prettier-ignore
    expect(none.weights).toEqual(capped.weights);
  });

  test("that does not bind is the optimum without", async () => {
    const best = await solve(most(1.1 * own));
    expect(best.active).toEqual([]);
    expect(best.objective).toBeCloseTo(free.objective, 12);
  });

  test.each<[string, (bound: number) => Ratio, 1 | -1, string]>([
    ["≤", (max) => ({ numerator: [first], denominator: [second], max }), 1, "0.01 more"],
    ["≥", (min) => ({ numerator: [second], denominator: [first], min }), -1, "0.01 less"],
  ])("%s has the price that a re-solve gains", async (sign, of, side, room) => {
    const bound = side > 0 ? 0.7 * own : 1.4 / own;
    const at = (x: number) => solve({ constraints: { ratio: [of(x)] }, samples: 0 });
    const step = 1e-4 * bound;
    const [best, more, less] = [await at(bound), await at(bound + step), await at(bound - step)];
    expect(best.active).toHaveLength(1);
    const [{ constraint, perPercent }] = best.active;
    expect(constraint).toMatch(new RegExp(`^ratio d\\d/d\\d ${sign} \\d`));
    expect(ratio.moreRoom(constraint)).toBe(room);
    const gain = (0.01 * side * (less.objective - more.objective)) / (2 * step);
    expect(perPercent / gain).toBeCloseTo(1, 3);
  });

  test("of sums, far from 1 and as an equation holds to the last digits", async () => {
    const [a, b, c, d] = ["d0", "d1", "d2", "d3"];
    for (const bound of [1e-4, 0.3, 1, 2.5, 1e4]) {
      const sums = { numerator: [a, b], denominator: [c, d], min: bound, max: bound };
      const { weights, certificate } = await solve({ constraints: { ratio: [sums] } });
      expect(certificate.certified).toBe(true);
      const [above, below] = [weights[a] + weights[b], weights[c] + weights[d]];
      expect(Math.abs(above - bound * below)).toBeLessThan(1e-9 * Math.max(1, bound));
    }
  });

  test("with a domain that may be left out is the better of the two cases", async () => {
    const constraints = { ...most(0.5 * own).constraints, atLeastOrZero: { [first]: 0.3 } };
    const best = await solve({ constraints });
    const each = await Promise.all([
      solve({ constraints: { ...most(0.5 * own).constraints, floors: { [first]: 0.3 } } }),
      solve({ constraints: { ...most(0.5 * own).constraints, fixed: { [first]: 0 } } }),
    ]);
    expect(best.objective).toBeCloseTo(Math.min(...each.map(({ objective }) => objective)), 11);
    expect(best.certificate.certified).toBe(true);
  });

  test("holds along a path", async () => {
    const stops = [1e8, 1e9, 1e10].map((params) => ({ params, tokens: 20 * params }));
    const rows = await optimizePath(file, solve, most(0.5 * own), stops);
    for (const { optimum } of rows) {
      expect(optimum.certificate.certified).toBe(true);
      expect(optimum.weights[first] / optimum.weights[second]).toBeCloseTo(0.5 * own, 8);
    }
  });

  test("no random mixture that fulfills it is better", async () => {
    const best = await solve({ ...most(0.4 * own), samples: 50_000 });
    expect(best.monteCarlo?.feasible).toBeLessThan(50_000);
    expect(best.monteCarlo?.best).toBeGreaterThanOrEqual(best.objective);
  });
});

test("the nearest mixture under ratios is nearest: no feasible direction leads closer", () => {
  const polytope = new Polytope(
    regionFor(k, {
      floors: { d3: 0.05 },
      ratio: [
        { numerator: ["d0"], denominator: ["d1"], max: 0.5 },
        { numerator: ["d1", "d2"], denominator: ["d3"], min: 0.2, max: 6 },
      ],
    }),
  );
  for (let n = 0; n < 100; n++) {
    const y = drawMixture(k, 9, n).map((x) => 4 * x - 1);
    const h = polytope.point(y);
    expect(polytope.violation(h)).toBeLessThan(1e-12);
    for (let m = 0; m < 10; m++) {
      const z = polytope.point(drawMixture(k, 10, 10 * n + m));
      expect(y.reduce((sum, v, i) => sum + (v - h[i]) * (z[i] - h[i]), 0)).toBeLessThan(1e-9);
    }
  }
});

describe("a ratio is read", () => {
  test("from a flag's text, with sums and each relation", () => {
    expect(ratioFrom("code/web<=0.5")).toEqual({ numerator: ["code"], denominator: ["web"], max: 0.5 }); // prettier-ignore
    expect(ratioFrom(" code + papers / web+books >= 1e-1")).toEqual({
      numerator: ["code", "papers"],
      denominator: ["web", "books"],
      min: 0.1,
    });
    expect(ratioFrom("a/b=2")).toEqual({ numerator: ["a"], denominator: ["b"], min: 2, max: 2 });
  });

  test("from a file, as a text or by its parts", () => {
    const parts = { numerator: ["c4/en"], denominator: ["web"], min: 0.1, max: 1 };
    const yaml = `ratio:\n  - code/web<=0.5\n  - ${JSON.stringify(parts)}\n`;
    expect(parseConstraints(yaml, "c.yaml")).toEqual({
      ratio: [{ numerator: ["code"], denominator: ["web"], max: 0.5 }, parts],
    });
    expect(() => parseConstraints("ratio: [code]", "c.yaml")).toThrow(
      'c.yaml: ratio.0 is "code"; it must be a ratio such as code/web<=0.5, or its numerator, denominator, min and max',
    );
  });

  test.each([
    ["code<=0.5", "is not of the form domain/domain<=number"],
    ["code/web", "is not of the form domain/domain<=number"],
    ["c4/en/web<=1", 'has more than one "/"'],
    ["code/<=1", "has an empty domain name"],
    ["code/web<=half", '"half" is not a number'],
  ])("%s is refused", (text, message) => {
    expect(() => ratioFrom(text)).toThrow(`‘constraints.ratio’: "`);
    expect(() => ratioFrom(text)).toThrow(message);
  });

  const one = { numerator: ["d0"], denominator: ["d1"] };
  test.each<[Ratio, string]>([
    [{ ...one, max: -1 }, "the ratio d0/d1 is -1; it must be a number of at least 0."],
    [{ ...one, min: Infinity }, "the ratio d0/d1 is Infinity; it must be"],
    [{ ...one, min: 1, max: 0.5 }, "the least ratio d0/d1, 1, is above the largest, 0.5"],
    [one, "the ratio d0/d1 has neither a least nor a largest value"],
    [{ ...one, numerator: [], max: 1 }, "names no domain on one of its sides"],
    [{ ...one, numerator: ["d2", "d1"], max: 1 }, 'the ratio d2+d1/d1 has "d1" on both sides'],
    [{ ...one, numerator: ["d9"], max: 1 }, 'the ratio names the domain "d9", which the fit does'],
  ])("%j is refused", (request, message) => {
    expect(() => regionFor(k, { ratio: [request] })).toThrow(message);
  });

  test("a conflict names it", async () => {
    const ratios = [{ numerator: ["d0"], denominator: ["d1"], max: 0.5 }];
    await expect(solve({ constraints: { floors: { d0: 0.4 }, ratio: ratios } })).rejects.toThrow(
      "these constraints cannot hold together: floor d0 ≥ 40 %, ratio d0/d1 ≤ 0.5",
    );
  });

  test("mirror descent, which knows floors and caps only, refuses it", async () => {
    await expect(solve({ ...most(0.5), solver: "mirror" })).rejects.toThrow(
      "takes floors and caps only",
    );
  });
});
