import { describe, expect, test } from "vitest";
import { fc } from "../support/property.ts";
import { gradient, tangent } from "../../src/expr/derivatives.ts";
import { evaluate } from "../../src/expr/float64.ts";
import {
  add,
  call,
  constant,
  div,
  exp,
  input,
  log,
  mul,
  neg,
  type Node,
  param,
  sharePower,
  sub,
  sum,
  topological,
  weight,
} from "../../src/expr/graph.ts";
import { compile } from "../../src/expr/compile.ts";
import { Interner } from "../../src/expr/simplify.ts";

const leaves = [param(0, "a"), param(1, "b"), weight(0, "x"), weight(1, "y"), input("n")];
const [a, b] = leaves;

/**
 * Expressions over the leaves and small constants. `smooth` leaves out what cannot be
 * differentiated twice or is not smooth.
 */
const expressions = (smooth: boolean): fc.Arbitrary<Node> =>
  fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 6, depthSize: "large", withCrossShrink: true },
      fc.oneof(fc.constantFrom(...leaves), fc.constantFrom(0, 1, -1, 0.5, 2).map(constant)),
      fc
        .tuple(fc.constantFrom("add", "sub", "mul", "div" as const), tie("node"), tie("node"))
        .map(([op, x, y]) => call(op, x, y)),
      fc
        .tuple(fc.constantFrom("neg", "exp", "phi2", "log1pc" as const), tie("node"))
        .map(([op, x]) => call(op, x)),
      tie("node").map((x) => log(exp(x))),
      ...(smooth
        ? []
        : [
            fc
              .tuple(fc.constantFrom("step", "logz", "recipz", "sqrt" as const), tie("node"))
              .map(([op, x]) => call(op, x)),
          ]),
    ),
  })).node;
const points = fc.array(fc.double({ min: 0.1, max: 1.5, noNaN: true }), {
  minLength: 5,
  maxLength: 5,
});
const at =
  (values: readonly number[]) =>
  (leaf: Node): number =>
    leaf.kind === "weight"
      ? values[2 + leaf.index]
      : leaf.kind === "param"
        ? values[leaf.index]
        : values[4];

describe("simplification", () => {
  test("changes no value: its rewrites are exact in floating point", () => {
    let compared = 0;
    fc.assert(
      fc.property(expressions(false), points, (node, values) => {
        const order = topological([node]);
        const raw = evaluate(order, at(values));
        fc.pre(raw.every(Number.isFinite)); // x·0 = 0 and x − x = 0 hold for numbers only
        compared++;
        expect(
          Math.abs(
            evaluate([new Interner().canonical(node)], at(values))[0] -
              evaluate([node], at(values))[0],
          ),
        ).toBe(0);
      }),
      { numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  test("is idempotent, and equal expressions become one node", () => {
    fc.assert(
      fc.property(expressions(false), (node) => {
        const interner = new Interner();
        const once = interner.canonical(node);
        expect(interner.canonical(once)).toBe(once);
        expect(interner.canonical(structuredClone(node))).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["0·x", mul(0, a), 0],
    ["x·0", mul(a, 0), 0],
    ["0/x", div(0, a), 0],
    ["x − x", sub(a, a), 0],
    ["(x + y) − (y + x)", sub(add(a, b), add(b, a)), 0],
    ["x + 0", add(a, 0), a],
    ["0 + x", add(0, a), a],
    ["x − 0", sub(a, 0), a],
    ["1·x", mul(1, a), a],
    ["x/1", div(a, 1), a],
    ["−−x", neg(neg(a)), a],
    ["0 − x", sub(0, a), neg(a)],
    ["−1·x", mul(-1, a), neg(a)],
    ["x + −y", add(a, neg(b)), sub(a, b)],
    ["−x + y", add(neg(a), b), sub(b, a)],
    ["x − −y", sub(a, neg(b)), add(a, b)],
    ["−x·y", mul(neg(a), b), neg(mul(a, b))],
    ["−x·−y", mul(neg(a), neg(b)), mul(a, b)],
    ["−x/−y", div(neg(a), neg(b)), div(a, b)],
    ["exp 0", exp(0), 1],
    ["0 + 2·3", add(0, mul(2, 3)), 6],
  ])("%s", (_, from, to) => {
    const interner = new Interner();
    expect(interner.canonical(from)).toBe(interner.canonical(to));
  });

  test("common subexpressions are computed once", () => {
    const shared = () => exp(add(a, b));
    const program = compile(add(mul(shared(), shared()), exp(add(b, a))), 2);
    expect(program.slots.filter((slot) => slot.kind === "op" && slot.op === "exp")).toHaveLength(1);
    expect(program.slots.filter((slot) => slot.kind === "param")).toHaveLength(2);
  });

  test("deep sums neither overflow the stack nor take for ever", () => {
    const deep = sum(20000, (i) => mul(i, a));
    expect(evaluate([new Interner().canonical(deep)], () => 1)[0]).toBe((20000 * 19999) / 2);
  });
});

describe("gradients", () => {
  const derivatives = (node: Node): { root: Node; slopes: Node[] } => {
    const interner = new Interner();
    const root = interner.canonical(node);
    return { root, slopes: gradient(root, leaves.map((leaf) => interner.canonical(leaf)), interner) }; // prettier-ignore
  };

  test("meet finite differences on random expressions, for parameters, shares and inputs", () => {
    let compared = 0;
    fc.assert(
      fc.property(expressions(true), points, (node, values) => {
        const { root, slopes } = derivatives(node);
        const f = (i: number, x: number): number => evaluate([root], at(values.with(i, x)))[0];
        const central = (i: number, h: number): number =>
          (f(i, values[i] + h) - f(i, values[i] - h)) / (2 * h);
        const exact = evaluate(slopes, at(values));
        for (const [i, slope] of exact.entries()) {
          const [coarse, fine] = [central(i, 2e-4), central(i, 1e-4)];
          const size = Math.abs(evaluate([root], at(values))[0]) + Math.abs(slope);
          // Only where the differences themselves have converged; then Richardson's extrapolation
          // is off by much less than their distance.
          fc.pre(Math.abs(coarse - fine) <= 1e-4 * (1 + Math.abs(fine)));
          compared++;
          const extrapolated = fine + (fine - coarse) / 3;
          // Rounding: 2⁻⁵²·|f|/h with tens of roundings in f, 1e-10·|f|.
          expect(Math.abs(extrapolated - slope)).toBeLessThanOrEqual(
            0.1 * Math.abs(coarse - fine) + 1e-8 * (1 + size),
          );
        }
      }),
      { numRuns: 400, seed: 1 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  test("variables may be expressions: what they depend on is not entered", () => {
    const interner = new Interner();
    const u = interner.canonical(exp(a));
    const root = interner.canonical(mul(exp(a), exp(a)));
    const [du] = gradient(root, [u], interner);
    expect(evaluate([du], () => 0.5)[0]).toBe(2 * Math.exp(0.5));
  });

  test("the derivative in what is not there is 0", () => {
    const interner = new Interner();
    expect(gradient(interner.canonical(exp(a)), [interner.canonical(b)], interner)).toEqual([
      constant(0),
    ]);
  });

  test("third derivatives are refused where the operator is a second one", () => {
    const interner = new Interner();
    expect(() =>
      gradient(interner.canonical(call("phi4", a)), [interner.canonical(a)], interner),
    ).toThrow(/phi4/);
    expect(() =>
      tangent(interner.canonical(call("d2log1pc", a)), (leaf) => leaf, interner),
    ).toThrow(/d2log1pc/);
  });

  test("hᵞ at h = 0 is 0, and so are its derivatives in γ, scale and h", () => {
    const [h, gamma, scale] = [leaves[2], a, b];
    const interner = new Interner();
    const root = interner.canonical(sharePower(h, gamma, scale));
    const slopes = gradient(root, [gamma, scale, h].map((x) => interner.canonical(x)), interner); // prettier-ignore
    for (const g of [0, 1e-9, 0.5, 60]) {
      expect(evaluate([root, ...slopes], at([g, 60, 0, 0, 0]))).toEqual([0, 0, 0, 0]);
      expect(evaluate([root], at([g, 1, 1, 0, 0]))).toEqual([Math.exp(1)]);
    }
  });
});
