/** Fixed, tied and bounded parameters, and starts, under the names that reports show. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/base/errors.ts";
import { gradient } from "../../../src/expr/derivatives.ts";
import { evaluate } from "../../../src/expr/float64.ts";
import { param } from "../../../src/expr/graph.ts";
import { Interner } from "../../../src/expr/simplify.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { bind, type BindOptions } from "../../../src/laws/bind.ts";
import type { Law } from "../../../src/laws/law.ts";
import { flatten } from "../../../src/laws/parameters/parameters.ts";
import { checkSymbols } from "../../../src/laws/check-symbols.ts";
import { hopStarts } from "../../../src/fit/starts/starts.ts";
import { DEFAULTS } from "../../../src/options/fit-options.ts";
import { bindings, leafAt, predict, runsOf, SCALE, start, UNITS, namesOf } from "../fixture.ts";

const DOMAINS = ["web", "code", "books"];
const bound = (law: Law, options: Partial<BindOptions>) =>
  bind(law, law.uses.weights ? DOMAINS : [], { signs: "positive", ...options }, UNITS);
const message = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "no error";
};
/** The reported value of "A" or "C[web]". */
const reported = (law: ReturnType<typeof bound>, theta: Float64Array, label: string): number =>
  flatten(law.reportAt(theta)).get(label) ?? NaN;

/** Derivatives of the loss of the first run, by coordinate. */
function slopesAt(
  law: ReturnType<typeof bound>,
  runs: ReturnType<typeof runsOf>,
  theta: Float64Array,
): Record<string, number> {
  const interner = new Interner();
  const root = interner.canonical(law.loss);
  const leaves = namesOf(law).map((name, i) => interner.canonical(param(i, name)));
  const slopes = gradient(root, leaves, interner);
  const values = evaluate(slopes, leafAt(runs, law.domains.length, 0, theta));
  return Object.fromEntries(namesOf(law).map((name, i) => [name, values[i]]));
}

test.each(bindings(2))(
  "%s: each reported name that stands for a coordinate gives it back",
  (_, whole) => {
    const theta = start(whole, 4);
    const labels = whole.parameters.map(({ label }) => label);
    const values = Object.fromEntries(labels.map((s) => [s, reported(whole, theta, s)]));
    for (const [i, x] of whole.point(values).entries()) expect(x / theta[i]).toBeCloseTo(1, 12);
    // Fixing all but the first leaves one coordinate and the same law.
    const [first, ...rest] = Object.keys(values);
    const one = bind(
      whole.law,
      whole.domains,
      { ...whole.options, fix: Object.fromEntries(rest.map((s) => [s, values[s]])) },
      UNITS,
    );
    expect(one.size).toBe(1);
    expect(reported(one, one.point({ [first]: values[first] }), first) / values[first]).toBeCloseTo(
      1,
      12,
    );
    const runs = runsOf(whole.domains.length, 4);
    const expected = predict(whole, runs, theta);
    for (const [row, loss] of predict(one, runs, one.point({ [first]: values[first] })).entries())
      expect(loss / expected[row]).toBeCloseTo(1, 11);
  },
);

describe("fixed", () => {
  test("A stays where it is whatever α is, though the coordinate is centered", () => {
    const law = bound(laws.chinchilla, { fix: { A: 482 } });
    expect(namesOf(law)).toEqual(["E", "alpha", "lnB", "beta"]);
    expect(law.fixed).toEqual({ A: 482 });
    for (const alpha of [0.1, 0.34, 0.9])
      expect(reported(law, Float64Array.of(1.8, alpha, 0, 0.3), "A")).toBeCloseTo(482, 9);
  });

  test("a name without a domain is for all of them, one with a domain goes before it", () => {
    const law = bound(laws.additive, { fix: { gamma: 0.5, "gamma[code]": 0.7 } });
    expect(law.fixed).toEqual({ "gamma[web]": 0.5, "gamma[code]": 0.7, "gamma[books]": 0.5 });
    expect(law.size).toBe(5 + 3);
  });

  test("what a contained law found fills what is free", () => {
    const small = bound(laws.additive, { fix: { alpha: 0.3 } });
    const large = bound(laws.joint, { fix: { alpha: 0.3 } });
    const theta = start(small, 2);
    const embedded = large.vector(laws.joint.contains["additive"](small.valuesAt(theta)));
    const runs = runsOf(3, 4);
    const expected = predict(small, runs, theta);
    for (const [row, loss] of predict(large, runs, embedded).entries())
      expect(loss / expected[row]).toBeCloseTo(1, 12);
  });
});

test("no name is read for its domain: domains may have brackets in theirs", () => {
  const domains = ["web", "code][web", "[web]"];
  const law = bind(
    laws.additive,
    domains,
    { signs: "positive", fix: { "gamma[code][web]": 0.5 } },
    UNITS,
  );
  expect(law.fixed).toEqual({ "gamma[code][web]": 0.5 });
  const mixture = law.coordinates.filter(({ domain }) => domain !== undefined);
  expect(mixture.map(({ symbol, domain }) => [symbol, domain])).toEqual([
    ["C", 0],
    ["C", 1],
    ["C", 2],
    ["gamma", 0],
    ["gamma", 2],
  ]);
  const here = start(law);
  const hops = hopStarts(law, SCALE, 1, 0, [here], 32).filter((__, n) => n % 2 === 1);
  for (const hop of hops) {
    const moved = law.coordinates.filter((__, i) => hop[i] !== here[i]);
    expect(new Set(moved.map(({ domain }) => domain)).size).toBe(1);
  }
});

describe("tied", () => {
  test("exponents, coefficients through their charts, and one value for all domains", () => {
    const law = bound(laws.additive, { tie: { alpha: "beta", A: "B", gamma: "gamma" } });
    expect(namesOf(law)).toEqual([
      "E",
      "lnB",
      "beta",
      "lnC[web]",
      "lnC[code]",
      "lnC[books]",
      "gamma[web]",
    ]);
    expect(law.tied).toEqual({
      alpha: "beta",
      A: "B",
      "gamma[code]": "gamma[web]",
      "gamma[books]": "gamma[web]",
    });
    const theta = start(law, 3);
    expect(reported(law, theta, "A") / reported(law, theta, "B")).toBeCloseTo(1, 12);
    expect(reported(law, theta, "gamma[books]")).toBe(reported(law, theta, "gamma[web]"));
  });

  test("to a fixed one is fixed too", () => {
    const law = bound(laws.chinchilla, { tie: { alpha: "beta" }, fix: { beta: 0.3 } });
    expect(namesOf(law)).toEqual(["E", "lnA", "lnB"]);
    expect(reported(law, Float64Array.of(1, 1, 1), "alpha")).toBe(0.3);
  });

  test("reciprocals have the slope of both, also where both are infinite", () => {
    const [free, tied] = [{}, { gammaA: "gammaB" }].map((tie) => bound(laws.joint, { tie }));
    const runs = runsOf(DOMAINS.length, 2);
    for (const s of [0, 0.7]) {
      const theta = start(free, 2).map((x, i) => (/^s[AB]$/.test(namesOf(free)[i]) ? s : x));
      const slopes = slopesAt(free, runs, theta);
      const values = namesOf(tied).map((name) => theta[namesOf(free).indexOf(name)]);
      const { sB } = slopesAt(tied, runs, Float64Array.from(values));
      expect(sB / (slopes["sA"] + slopes["sB"])).toBeCloseTo(1, 12);
    }
  });
});

describe("bounded and ranged", () => {
  test("bounds go through the chart, and start ranges stay inside", () => {
    const law = bound(laws.joint, {
      bounds: { alpha: [0.2, 0.4], gammaA: [0.5, 2], C: [1, null] },
    });
    const at = (name: string): number => namesOf(law).indexOf(name);
    expect([law.lower[at("alpha")], law.upper[at("alpha")]]).toEqual([0.2, 0.4]);
    expect([law.lower[at("sA")], law.upper[at("sA")]]).toEqual([0.5, 2]);
    expect([law.lower[at("lnC[code]")], law.upper[at("lnC[code]")]]).toEqual([0, 60]);
    for (const [i, { spec }] of law.coordinates.entries()) {
      const [low, high] = spec.start(SCALE, 3);
      expect(low).toBeGreaterThanOrEqual(law.lower[i]);
      expect(high).toBeLessThanOrEqual(law.upper[i]);
      expect(low).toBeLessThan(high);
    }
  });

  test("A has bounds of its own once α is fixed", () => {
    const law = bound(laws.chinchilla, { fix: { alpha: 0.3 }, bounds: { A: [100, 1000] } });
    expect(reported(law, law.lower, "A")).toBeCloseTo(100, 9);
    expect(reported(law, law.upper.map((x) => Math.min(x, 60)), "A")).toBeCloseTo(1000, 9); // prettier-ignore
  });

  test("a coordinate of unusual size is fitted in a unit of its own, without rounding", () => {
    const law = bound(laws.chinchilla, { ranges: { alpha: [1e-9, 3e-9] } });
    const [low, high] = law.coordinates[namesOf(law).indexOf("alpha")].spec.start(SCALE, 0);
    expect([low, high].map((x) => x * 2 ** -28)).toEqual([1e-9, 3e-9]);
    expect(
      law.valuesAt(law.point({ E: 1, A: 400, alpha: 2e-9, B: 400, beta: 0.3 })).value("alpha"),
    ).toBe(2e-9);
  });
});

describe("what cannot be is an error that says why", () => {
  test.each<[string, Law, Partial<BindOptions>, RegExp]>([
    [
      "fixed and tied",
      laws.chinchilla,
      { fix: { alpha: 1 }, tie: { alpha: "beta" } },
      /alpha is fixed and tied/,
    ],
    [
      "in a circle",
      laws.chinchilla,
      { tie: { alpha: "beta", beta: "alpha" } },
      /circle \(alpha → beta → alpha\)/,
    ],
    ["a negative coefficient", laws.chinchilla, { fix: { A: -3 } }, /‘fix.A: -3’.*positive/],
    [
      "bounds on A with α free",
      laws.chinchilla,
      { bounds: { A: [1, 2] } },
      /follows together with an exponent.*fix the exponent too/,
    ],
    ["no room", laws.chinchilla, { bounds: { alpha: [-3, -1] } }, /no room.*‘fix’/],
    [
      "a scalar tied to a vector",
      laws.additive,
      { tie: { alpha: "gamma" } },
      /one value a domain.*gamma\[web\]/,
    ],
    [
      "tied and bounded",
      laws.chinchilla,
      { tie: { alpha: "beta" }, bounds: { alpha: [0, 1] } },
      /alpha is tied and bounded/,
    ],
  ])("%s", (_, law, options, expected) => {
    expect(message(() => bound(law, options))).toMatch(expected);
  });

  test("an unfinished start", () => {
    expect(message(() => bound(laws.chinchilla, {}).point({ E: 1, alpha: 0.3 }))).toMatch(
      /no value for A, B, beta/,
    );
  });

  test.each<[string, RegExp]>([
    ["alhpa", /no parameter alhpa; simple has E, A, alpha/],
    ["C[web]", /C\[web\] of the law simple is no parameter of its own.*pure/],
    ["lnA", /lnA is what mixlaw fits inside/],
    ["pure[news]", /pure has no \[news\]; the domains are web, code, books/],
  ])("the name %s in the law simple", (name, expected) => {
    const law = bound(laws.simple, {});
    expect(message(() => checkSymbols([law], { ...DEFAULTS, fix: { [name]: 1 } }))).toMatch(
      expected,
    );
  });
});
