import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/expr/float64.ts";
import { call, input, type Node } from "../../src/expr/graph.ts";
import { OP_NAMES, OPS } from "../../src/expr/operators.ts";
import { argumentsOf } from "./points.ts";
import { REFERENCE } from "./reference.ts";

const EPS = 2 ** -52;
const leaves = [input("a"), input("b")];

/** ∂op/∂argument at a point, as the table says. */
function partialsAt(op: (typeof OP_NAMES)[number], at: readonly number[]): number[] {
  const args = leaves.slice(0, OPS[op].arity);
  const self = call(op, ...args);
  const { partials } = OPS[op];
  if (partials === "none") return [];
  const nodes = partials(args, self).map((p): Node =>
    typeof p === "number" ? { kind: "const", value: p } : p,
  );
  return evaluate(nodes, (leaf) => at[leaf === leaves[0] ? 0 : 1]);
}

/**
 * The scale on which an operator varies at x: that of x itself where it is singular at 0, the
 * distance to −1 for ln(1 + x).
 */
function scaleAt(op: (typeof OP_NAMES)[number], x: number): number {
  if (op === "log1pc" || op === "dlog1pc") return 1 + x;
  return ["exp", "phi2", "phi3", "tanh", "atan", "sin", "cos"].includes(op) ? 1 : Math.abs(x);
}

describe("partial derivatives meet finite differences", () => {
  test.each(OP_NAMES.filter((op) => OPS[op].partials !== "none"))("%s", (op) => {
    const f = (args: readonly number[]): number => OPS[op].f64(args[0], args[1] ?? 0);
    for (const at of argumentsOf(op)) {
      for (const [i, partial] of partialsAt(op, at).entries()) {
        const x = at[i];
        // Shares may be 0, where the operators are one-sided: their derivative there is 0 by
        // definition.
        if (x === 0 && ["step", "logz", "recipz", "abs"].includes(op)) {
          expect(Math.abs(partial)).toBe(0);
          continue;
        }
        const scale = scaleAt(op, x) || 1;
        const h = 1e-5 * scale;
        const [up, down] = [x + h, x - h];
        const slope = (f(at.with(i, up)) - f(at.with(i, down))) / (up - down);
        // Truncation: h²f‴/6, about 1e-10 of f/scale. Rounding: EPS·f/h = 2e-11 of f/scale, for a
        // few roundings and for |x| ≫ scale a few more.
        const tolerance =
          1e-9 * (Math.abs(f(at)) / scale + Math.abs(partial)) + (EPS * Math.abs(x)) / h;
        expect(Math.abs(partial - slope), `${op}(${at.join()}) ∂${i}`).toBeLessThanOrEqual(
          tolerance,
        );
      }
    }
  });
});

describe("values meet exact arithmetic", () => {
  // Rounding errors of each form relative to its value, in units of 2⁻⁵²; the loss where a closed
  // form takes over from its series is |largest term/value|.
  const bounds: { readonly [K in keyof typeof REFERENCE]: (x: number, value: number) => number } = {
    exp: () => 1,
    log: () => 1,
    // Series: 2 roundings a term, decreasing. Closed: eᶻ − 1, z (and z²/2) are rounded to half a
    // unit each.
    phi2: (z, v) =>
      Math.abs(z) < 1 ? 3 : 3 + (2 * Math.max(Math.abs(Math.expm1(z)), Math.abs(z))) / (z * z * v),
    phi3: (z, v) =>
      Math.abs(z) < 1
        ? 3
        : 3 + (2 * Math.max(Math.abs(Math.expm1(z)), (z * z) / 2)) / Math.abs(z * z * z * v),
    phi4: (z, v) =>
      Math.abs(z) < 1
        ? 3
        : 3 +
          (3 * Math.max(Math.abs(Math.expm1(z)), Math.abs(z * z) * (0.5 + Math.abs(z) / 6))) /
            (z ** 4 * v),
    log1pc: () => 2,
    dlog1pc: (x, v) =>
      Math.abs(x) < 0.05 ? 3 : 3 + (3 * Math.max(1 / (1 + x), Math.log1p(x) / x)) / Math.abs(x * v),
    // 1/(1 + x)² has three roundings; what dlog1pc loses by cancellation counts twice.
    d2log1pc: (x, v) =>
      Math.abs(x) < 0.1
        ? 4
        : 3 +
          (4 / (1 + x) ** 2 + (8 * Math.max(1 / (1 + x), Math.log1p(x) / x)) / Math.abs(x)) /
            Math.abs(x * v),
  };
  test.each(Object.keys(REFERENCE) as (keyof typeof REFERENCE)[])("%s", (name) => {
    for (const [x] of argumentsOf(name)) {
      const exact = REFERENCE[name](x);
      const units = Math.abs(OPS[name].f64(x, 0) - exact) / (Math.abs(exact) * EPS || 1);
      expect(units, `${name}(${x})`).toBeLessThanOrEqual(bounds[name](x, exact));
    }
  });

  test("step, logz and recipz at 0", () => {
    expect(["step", "logz", "recipz"].map((op) => OPS[op as "step"].f64(0, 0))).toEqual([0, 0, 0]);
    expect(OPS.step.f64(1e-300, 0)).toBe(1);
    expect(OPS.recipz.f64(0.25, 0)).toBe(4);
    expect(OPS.logz.f64(0.25, 0)).toBe(Math.log(0.25));
  });

  test("absurd exponents stay finite, so that a share of 0 still gives 0", () => {
    for (const z of [800, 4800, 1e9]) {
      expect(OPS.phi2.f64(z, 0)).toBeLessThan(Infinity);
      expect(OPS.phi3.f64(z, 0)).toBeLessThan(Infinity);
      expect(OPS.phi4.f64(z, 0)).toBeLessThan(Infinity);
    }
  });
});

test("the JavaScript spelling is what f64 does", () => {
  for (const op of OP_NAMES) {
    const spelling = OPS[op].js?.("a", "b");
    if (spelling === undefined) continue;
    expect(["(a + b)", "(a - b)", "(a * b)", "(a / b)", "(-a)"]).toContain(spelling);
    const sign = spelling.replace(/[ab() ]/g, "");
    expect(OPS[op].f64(7, 3)).toBe(
      { "+": 10, "-": op === "neg" ? -7 : 4, "*": 21, "/": 7 / 3 }[sign],
    );
  }
});
