import { describe, expect, test } from "vitest";
import type { BoundLaw } from "../../../src/laws/bind.ts";
import { CATALOG, laws } from "../../../src/laws/catalog/catalog.ts";
import {
  bindings,
  bound,
  LAWS,
  predict,
  runsOf,
  SCALE,
  SIGNS,
  start,
  UNITS,
  namesOf,
} from "../fixture.ts";
import { published } from "../formulas.ts";

/** A start whose 1/γ are away from 0, where the published form (Σ Cᵢhᵢ)^γ has no accuracy left. */
function awayFromZero(law: BoundLaw, seed: number): Float64Array {
  return start(law, seed).map((x, i) => {
    const { parameter, spec } = law.coordinates[i];
    const rate = parameter === "gamma" && spec.per === "domain";
    const inverse = /^(s([A-Z].*)?|q|bend.)$/.test(parameter);
    return (rate || inverse) && Math.abs(x) < 0.05 ? 0.05 : x;
  });
}

describe("reported parameters in the published formula give the law's values", () => {
  test.each(bindings(1, 2, 7, 64))("%s", (_, law) => {
    const k = law.domains.length;
    const runs = runsOf(k, 4);
    const units = law.law.units === "fit" ? UNITS : { params: 1, tokens: 1 };
    for (const seed of [1, 2, 3]) {
      const theta = awayFromZero(law, seed);
      const reported = law.reportAt(theta);
      for (const [row, value] of predict(law, runs, theta).entries()) {
        const h = [...runs.weights.subarray(row * k, (row + 1) * k)];
        const [N, D] = [
          runs.inputs["params"][row] / units.params,
          runs.inputs["tokens"][row] / units.tokens,
        ];
        // (Σ Cᵢhᵢ)^γ with γ ≤ 20 and Cᵢ = exp(s·u) loses up to a few hundred units in the last
        // place.
        const x = Object.fromEntries(
          Object.entries(runs.inputs).map(([name, values]) => [name, values[row]]),
        );
        expect(published(law.law.name, reported, N, D, h, x) / value).toBeCloseTo(1, 9);
      }
    }
  });
});

describe("published coefficients give the losses that arithmetic gives", () => {
  test("granularity: Krajewski et al. 2024", () => {
    const law = bound(laws.granularity, 0, "positive");
    const theta = law.point({ a: 18.1, alpha: 0.115, b: 30.8, beta: 0.147, g: 2.1, gamma: 0.58, c: 0.47 }); // prettier-ignore
    const inputs = {
      params: Float64Array.of(1e9, 1e9, 6.4e10),
      tokens: Float64Array.of(2e10, 2e10, 2.9e10),
      granularity: Float64Array.of(1, 8, 16),
    };
    const losses = predict(law, { rows: 3, inputs, weights: new Float64Array() }, theta);
    for (const [row, loss] of [3.2761332347, 3.140393116, 2.4215541455].entries())
      expect(losses[row]).toBeCloseTo(loss, 9);
  });
});

describe("a larger law holds the smaller ones", () => {
  const nested = LAWS.flatMap((law) =>
    Object.keys(law.contains).map(
      (smaller) => [`${law.name} holds ${smaller}`, law, smaller] as const,
    ),
  );

  test("additive in joint in full", () => {
    expect(nested.map(([title]) => title)).toEqual([
      "joint holds additive",
      "full holds joint",
      "joint-epochs holds additive-epochs",
    ]);
  });

  test.each(nested)("%s, to rounding", (_, law, name) => {
    const smaller = CATALOG.get(name);
    if (smaller === undefined) throw new Error(`no law ${name}`);
    for (const signs of SIGNS) {
      for (const k of [1, 2, 7, 64]) {
        const [small, large] = [bound(smaller, k, signs), bound(law, k, signs)];
        const runs = runsOf(k, 4);
        for (const seed of k > 10 ? [1] : [1, 2, 3]) {
          const theta = start(small, seed);
          const embedded = large.vector(law.contains[name](small.valuesAt(theta)));
          expect(
            namesOf(large).filter(
              (__, i) => embedded[i] < large.lower[i] || embedded[i] > large.upper[i],
            ),
          ).toEqual([]);
          const values = predict(large, runs, embedded);
          // The power mean of equal values is that value up to the rounding of Σh = 1 and of a sum
          // of k terms.
          for (const [row, value] of predict(small, runs, theta).entries())
            expect(values[row] / value).toBeCloseTo(1, 12);
        }
      }
    }
  });
});

describe("where nothing is repeated", () => {
  test.each([
    ["additive", "additive-epochs"],
    ["joint", "joint-epochs"],
  ])("the law %s is %s", (name, repeated) => {
    const [plain, epochs] = [name, repeated].map((law) => CATALOG.get(law));
    if (plain === undefined || epochs === undefined) throw new Error("no such law");
    for (const signs of SIGNS) {
      const runs = runsOf(7, 6);
      const supply = Object.keys(runs.inputs).filter((input) => input.startsWith("u["));
      const endless = Object.fromEntries(
        supply.map((input) => [input, runs.inputs[input].map(() => 1e15)]),
      );
      const at = { ...runs, inputs: { ...runs.inputs, ...endless } };
      const [small, large] = [bound(plain, 7, signs), bound(epochs, 7, signs)];
      for (const seed of [1, 2, 3]) {
        const theta = start(small, seed);
        const others = Object.fromEntries(
          Object.keys(plain.parameters({ signs })).map((parameter) => {
            const values = small.valuesAt(theta);
            const { per } = plain.parameters({ signs })[parameter];
            return [parameter, per === "law" ? values.value(parameter) : values.values(parameter)];
          }),
        );
        const found = predict(large, at, large.vector({ ...others, lnRD: Math.log(5) }));
        for (const [row, value] of predict(small, at, theta).entries())
          expect(Math.abs(found[row] / value - 1)).toBeLessThan(1e-12);
      }
    }
  });
});

describe("bind", () => {
  test.each(bindings(3))("%s: names, ranges and coordinates fit together", (_, law) => {
    expect(new Set(namesOf(law)).size).toBe(law.size);
    const theta = Float64Array.from({ length: law.size }, (__, i) => i);
    const coordinates = law.valuesAt(theta);
    const named = Object.fromEntries(
      Object.entries(law.law.parameters(law.options)).map(([name, spec]) => [
        name,
        spec.per === "law" ? coordinates.value(name) : coordinates.values(name),
      ]),
    );
    expect(law.vector(named)).toEqual(theta);
    for (const [i, { spec }] of law.coordinates.entries()) {
      const [low, high] = spec.start(SCALE, 3);
      expect(low).toBeLessThanOrEqual(high);
      expect(low, namesOf(law)[i]).toBeGreaterThanOrEqual(law.lower[i]);
      expect(high, namesOf(law)[i]).toBeLessThanOrEqual(law.upper[i]);
    }
  });

  test("the number of parameters is the paper's", () => {
    const sizes = (k: number) =>
      Object.fromEntries(LAWS.map((law) => [law.name, bound(law, k, "positive").size]));
    const k = 7;
    expect(sizes(k)).toEqual({
      chinchilla: 5, mixture: 1 + 2 * k, "mixture-tokens": 3 + 2 * k, simple: 6 + k, additive: 5 + 2 * k, joint: 5 + 4 * k, full: 5 + 6 * k,
      kaplan: 4, farseer: 9, "data-constrained": 7, "moe-sparsity": 10, granularity: 7, repetition: 6 + k, "additive-epochs": 6 + 2 * k, "joint-epochs": 6 + 4 * k, epochs: 5 + 2 * k, routed: 6, bimix: 4, "d-cpt": 9, forgetting: 5, finetuning: 4,
      // Of b and w, c and t, K and t, shares that sum to 1 leave one to choose.
      linear: k, "log-linear": 1 + k, "data-mixing": 1 + k, "data-mixing-m1": 1 + 2 * k, "data-mixing-m2": 2 + k,
    }); // prettier-ignore
  });

  test("starts predict losses of the data's order", () => {
    for (const [name, law] of bindings(7)) {
      const values = [1, 2, 3].flatMap((seed) => predict(law, runsOf(7, 6), start(law, seed)));
      expect(Math.max(...values), name).toBeLessThan(30 * SCALE.max);
      expect(Math.min(...values), name).toBeGreaterThan(0);
    }
  });

  test("missing and unknown parameters are named", () => {
    const law = bound(LAWS[0], 1, "free");
    expect(() => law.vector({ E: 1 })).toThrow(/no value for parameter lnA/);
    expect(() => law.valuesAt(new Float64Array(5)).value("zeta")).toThrow(/no parameter zeta/);
  });
});
