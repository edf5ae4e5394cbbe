/** Laws written as formulas: what they mean, what is assumed of parameters, what is refused. */
import { describe, expect, test } from "vitest";
import { fc } from "../../support/property.ts";
import { InputError } from "../../../src/base/errors.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { bind, type BoundLaw } from "../../../src/laws/bind.ts";
import type { Law } from "../../../src/laws/law.ts";
import { lawFromFormula } from "../../../src/laws/formula/formula.ts";
import type { FormulaOptions } from "../../../src/laws/formula/formula-options.ts";
import { parseLawFile } from "../../../src/laws/formula/law-file.ts";
import { residualProgram } from "../../../src/laws/objective.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { type Columns, pack } from "../../../src/solve/pack-tables.ts";
import { huber, observe, predict, runsOf, SCALE, start, UNITS, namesOf } from "../fixture.ts";

const DOMAINS = ["web", "code", "books"];
const made = (law: Law, domains: readonly string[] = DOMAINS): BoundLaw =>
  bind(law, law.uses.weights ? domains : [], { signs: "positive" }, UNITS);
const refused = (formula: string, options?: FormulaOptions): string => {
  try {
    lawFromFormula(formula, options);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error(`${formula} was accepted`);
};

const runs = runsOf(3, 6);
const more: Columns = {
  ...runs,
  inputs: { ...runs.inputs, x: Float64Array.from({ length: runs.rows }, (_, i) => 0.1 + i / 7) },
};
const ADDITIVE = "L = E + 1/sum(C[i]*h[i]^gamma[i]) + A/params^alpha + B/tokens^beta";

describe("values are those of plain arithmetic on the reported parameters", () => {
  type Plain = (
    p: Readonly<Record<string, number>>,
    v: Readonly<Record<string, number[]>>,
    row: { N: number; D: number; x: number; h: number[] },
  ) => number;
  const dot = (a: number[], b: number[]): number => a.reduce((sum, one, i) => sum + one * b[i], 0);
  const cases: readonly (readonly [string, Plain])[] = [
    [ADDITIVE, (p, v, { N, D, h }) => p["E"] + 1 / dot(v["C"], h.map((s, i) => (s === 0 ? 0 : s ** v["gamma"][i]))) + p["A"] / N ** p["alpha"] + p["B"] / D ** p["beta"]],
    ["E + A*N^-alpha + B*D^(-0.37)", (p, _, { N, D }) => p["E"] + p["A"] / N ** p["alpha"] + p["B"] / D ** 0.37],
    ["c + K*exp(dot(t, h))", (p, v, { h }) => p["c"] + p["K"] * Math.exp(dot(v["t"], h))],
    ["b + sum(w[i]*h[i]) - x^2", (p, v, { h, x }) => p["b"] + dot(v["w"], h) - x ** 2],
    ["a*tanh(b*x) + c*sin(pi*x)^3 - abs(cos(x) - d)", (p, _, { x }) => p["a"] * Math.tanh(p["b"] * x) + p["c"] * Math.sin(Math.PI * x) ** 3 - Math.abs(Math.cos(x) - p["d"])],
    ["a + atan(b/x) + log(x)/sqrt(x) + x^1.5", (p, _, { x }) => p["a"] + Math.atan(p["b"] / x) + Math.log(x) / Math.sqrt(x) + x ** 1.5],
    ["max(C[i]*h[i]) + min(a, b, x) + 0*C[\"code\"]", (p, v, { h, x }) => Math.max(...v["C"].map((c, i) => c * h[i])) + Math.min(p["a"], p["b"], x)],
    ["E + A/(N^alpha*D^beta)", (p, _, { N, D }) => p["E"] + p["A"] / (N ** p["alpha"] * D ** p["beta"])],
    ["E + A*N/N^alpha + A*x", (p, _, { N, x }) => p["E"] + (p["A"] * N) / N ** p["alpha"] + p["A"] * x],
    ["h[\"web\"]*a - (-x)^-2 + 2^x", (p, _, { h, x }) => h[0] * p["a"] - 1 / x ** 2 + 2 ** x],
    ["E + A*(1 + exp(s)*x)^-alpha", (p, _, { x }) => p["E"] + p["A"] * (1 + Math.exp(p["s"]) * x) ** -p["alpha"]],
    ["sum(A[i]*h[i]/N^alpha) + sum(B[i]*h[i]^2/D^beta[i])", (p, v, { N, D, h }) => dot(v["A"], h) / N ** p["alpha"] + h.reduce((s, w, i) => s + (v["B"][i] * w * w) / D ** v["beta"][i], 0)],
  ]; // prettier-ignore
  test.each(cases)("%s", (formula, plain) => {
    const law = made(lawFromFormula(formula, { inputs: /\bx\b/.test(formula) ? ["x"] : [] }));
    for (const seed of [1, 2, 3]) {
      const theta = start(law, seed);
      const reported = law.reportAt(theta);
      const scalars = Object.fromEntries(
        Object.entries(reported).filter(([, value]) => typeof value === "number"),
      ) as Record<string, number>;
      const vectors = Object.fromEntries(
        Object.entries(reported).map(([name, value]) => [
          name,
          typeof value === "object" && value !== null ? Object.values(value).map(Number) : [],
        ]),
      );
      for (const [row, value] of predict(law, more, theta).entries()) {
        const h = law.domains.length === 0 ? [] : [...more.weights.subarray(row * 3, row * 3 + 3)];
        const expected = plain(scalars, vectors, {
          N: more.inputs["params"][row],
          D: more.inputs["tokens"][row],
          x: more.inputs["x"][row],
          h,
        });
        expect(Math.abs(value - expected), `row ${row}`).toBeLessThan(
          1e-11 * Math.max(1, Math.abs(expected)),
        );
      }
    }
  });
});

test("additive as a formula has the built-in law's value and derivatives, and its Jacobian has as many columns", () => {
  const [mine, own] = [made(lawFromFormula(ADDITIVE)), made(laws.additive)];
  expect(new Set(namesOf(mine))).toEqual(new Set(namesOf(own)));
  const theta = start(own);
  const place = namesOf(mine).map((name) => namesOf(own).indexOf(name));
  const losses = observe(own, runs, theta, 0.02);
  const [a, b] = [own, mine].map((law) => {
    const program = residualProgram(law, "raw");
    const normal = new NormalEquations(program, pack(program, runs, 3, [losses]), 0, huber(0.01));
    const at = law === own ? theta : Float64Array.from(place, (i) => theta[i]);
    return {
      objective: normal.evaluate(at),
      gradient: normal.gradient,
      columns: program.columns.length,
      slots: program.slots.length,
    };
  });
  expect(b.objective / a.objective).toBeCloseTo(1, 12);
  for (const [i, j] of place.entries())
    expect(Math.abs(b.gradient[i] - a.gradient[j])).toBeLessThan(1e-12);
  expect(b.columns).toBe(a.columns);
  expect(b.slots).toBeLessThanOrEqual(a.slots);
});

describe("ranges", () => {
  const specs = (law: Law) =>
    Object.fromEntries(
      Object.entries(law.parameters({ signs: "positive" })).map(
        ([name, { start: range, bounds }]) => [name, { start: range(SCALE, 3), bounds }],
      ),
    );

  test("what is not described has the ranges of the built-in laws", () => {
    const [mine, own] = [specs(lawFromFormula(ADDITIVE)), specs(laws.additive)];
    expect(mine).toEqual(own);
  });

  test("in formulas without N, D and shares nothing is taken to be positive", () => {
    const ranges = specs(lawFromFormula("a + b*exp(-c*x) + d*x^f", { inputs: ["x"] }));
    expect(
      Object.values(ranges).filter(({ bounds }) => bounds !== undefined && bounds[0] >= 0),
    ).toEqual([]);
    expect(ranges["a"]).toEqual({ start: [2, 3.5], bounds: undefined });
  });

  test("described ranges are in the parameter's own units", () => {
    const law = lawFromFormula("E + A/params^alpha", {
      parameters: { A: { start: [1, 1e4] }, alpha: { bounds: [0.1, 0.5] }, E: { chart: "free" } },
    });
    const { lnA, alpha, E } = specs(law);
    expect(lnA.start).toEqual([0, Math.log(1e4)]);
    expect(alpha).toEqual({ start: [0.1, 0.5], bounds: [0.1, 0.5] });
    expect(E.bounds).toBeUndefined();
    // In its own units it is not centered.
    const bound = made(law);
    expect(bound.reportAt(bound.vector({ E: 1, lnA: 2, alpha: 0.3 }))).toMatchObject({
      A: Math.exp(2),
    });
  });

  test.each([
    [{ A: { start: [2, 1] } }, /parameter A: start is \[2, 1\]; it must be \[low, high\]/],
    [{ A: { start: [-1, 1] } }, /start is \[-1, 1\], and the chart "log" is for positive values/],
    [
      { alpha: { start: [0, 2], bounds: [0, 1] } },
      /start is \[0, 2\], which is not within its bounds/,
    ],
    [{ alpha: { bounds: [1, 1] } }, /bounds are \[1, 1\]; the first must be below the second/],
    [
      { alhpa: {} },
      /the parameter alhpa is described but is not in the formula; did you mean alpha\?/,
    ],
    [{ exp: {} }, /"exp" cannot be the name of a parameter: it has a meaning in formulas/],
    [{ "a b": {} }, /"a b" cannot be the name of a parameter/],
  ] as const)("%j is refused", (parameters, says) => {
    expect(refused("E + A/params^alpha", { parameters })).toMatch(says);
  });
});

describe("what is refused points into the formula", () => {
  test.each([
    ["process.exit()", /a formula has no objects/],
    [
      "E + foo(x)",
      /there is no function foo.* The functions are: exp, log, sqrt, .*\n {2}E \+ foo\(x\)\n {6}\^{6}$/,
    ],
    ["E + tan(x)", /did you mean tanh\?/],
    ["a*exp + 1", /exp is a function: write exp\(…\)/],
    ["exp(a, b)", /exp takes one argument, and has 2 here/],
    ["dot(w)", /dot takes two arguments, such as dot\(w, h\), and has 1 here/],
    ["max()", /max takes one argument with \[i\], or several/],
    ["C[i]*2", /C\[i\] is the value of each domain: use it inside sum/],
    ["E*h", /h has a value for each domain: write h\[i\] inside sum/],
    ["sum(a)", /nothing in it depends on the domain/],
    ["sum(C[i]) + C", /C has a value for each domain/],
    ["a + max(C[i])", /C has a value for each domain, and no share stands in the formula/],
    ["params[i]*a", /params has one value a run and none for each domain/],
    ["a + 1/0", /0 is 0: this divides by zero\n {2}a \+ 1\/0\n {8}\^$/],
    ["a/(1 - 1)", /\(1 - 1\) is 0: this divides by zero/],
    ["a + log(-1)", /-1 is not above 0/],
    ["a + sqrt(2 - 3)", /2 - 3 is negative/],
    ["a + (-2)^0.5", /\(-2\) is negative/],
    ["a + 0^-1", /0 is 0: this divides by zero/],
    ["a + exp(1000)", /exp\(1000\) is not a finite number/],
    ["a + 1e300*1e300", /1e300\*1e300 is not a finite number/],
    ["2 + params", /there is no parameter to fit/],
  ])("%s", (formula, says) => {
    expect(refused(formula)).toMatch(says);
  });

  test("a domain that is not there is named when the law meets the data", () => {
    expect(() => made(lawFromFormula('a*h["wbe"]'))).toThrow(
      /there is no domain "wbe"; the domains are: web, code, books\n/,
    );
  });
});

test("any formula becomes a law with finite values in its start ranges and matching derivatives, or is refused", () => {
  const leaf = fc.constantFrom(
    "E",
    "a",
    "b",
    "params",
    "tokens",
    "x",
    "2",
    "0.5",
    "1e-3",
    "sum(C[i]*h[i])",
    "dot(w, h)",
    "max(C[i]*h[i]^g[i])",
    "pi",
  );
  const formula = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      fc
        .tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/", "^"), tie("tree"))
        .map(([a, op, b]) => `(${a})${op}(${b})`),
      fc
        .tuple(
          fc.constantFrom("exp", "log", "sqrt", "tanh", "abs", "atan", "sin", "cos"),
          tie("tree"),
        )
        .map(([f, a]) => `${f}(${a})`),
      tie("tree").map((a) => `-(${a})`),
    ),
  })).tree;
  let lawful = 0;
  fc.assert(
    fc.property(formula, (text) => {
      let law: BoundLaw;
      try {
        law = made(lawFromFormula(text, { inputs: ["x"] }));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return;
      }
      lawful++;
      // Whatever it is, it compiles, and both forms of the float64 code agree (residualProgram
      // differentiates it).
      const program = residualProgram(law, "raw");
      expect(program.params).toBe(law.size);
      expect(law.reportAt(start(law))).toBeTypeOf("object");
      expect(lawFromFormula(text, { inputs: ["x"] }).equation).toBe(text.trim());
    }),
    { numRuns: 400 },
  );
  expect(lawful).toBeGreaterThan(50);
});

describe("law files", () => {
  const file = `
name: moe
about: sparsity of experts
source: made up
formula: L = E + A/params^alpha + c/(1 - sparsity)^lambda
inputs:
  sparsity: { meaning: share of inactive experts }
parameters:
  lambda: { start: [-0.5, 0.5], meaning: exponent of the active share }
  E: { bounds: [0.5, null] }
`;
  test("a formula with its parameters and inputs", () => {
    const law = parseLawFile(file, "moe.yaml");
    expect(law).toMatchObject({
      name: "moe",
      about: "sparsity of experts",
      source: "made up",
      uses: { params: true, tokens: false, weights: false },
    });
    expect(law.uses.inputs).toEqual([
      { name: "sparsity", meaning: "share of inactive experts", values: "any", typical: [] },
    ]);
    expect(law.parameters({ signs: "positive" })["lambda"].meaning).toBe(
      "exponent of the active share",
    );
    expect(
      parseLawFile(JSON.stringify({ name: "line", formula: "a + b*x", inputs: ["x"] }), "line.json")
        .equation,
    ).toBe("a + b*x");
  });

  test.each([
    ["formula: [1", /moe.yaml is not YAML or JSON/],
    ["name: moe", /moe.yaml: a law file needs the option "formula"\./],
    [
      "name: moe\nformula: a\nparams: {}",
      /moe.yaml: a law file has no option "params"; the options are: /,
    ],
    [
      "name: moe\nformula: a*x\nparameters: { a: { start: 3 } }",
      /moe.yaml: parameters.a.start is 3; it must be \[low, high\]/,
    ],
    [
      "name: moe\nformula: a*x\nparameters: { a: { chart: ln } }",
      /moe.yaml: parameters.a.chart is "ln"; it must be one of log, positive, free/,
    ],
    ["name: moe\nformula: a*exp(", /^moe.yaml: this "\(" is never closed\n/],
    ["name: my law\nformula: a", /"my law" is no name for a law/],
  ])("%j is refused", (text, says) => {
    expect(() => parseLawFile(text, "moe.yaml")).toThrow(says);
  });
});
