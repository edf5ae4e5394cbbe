import { describe, expect, test } from "vitest";
import { Curvatures } from "../../../src/expr/curvature/curvature.ts";
import { evaluateOne } from "../../../src/expr/float64.ts";
import { abs, add, call, constant, div, exp, log, max, min, mul, neg, type Node, power, sharePower, sqrt, step, sub, weight } from "../../../src/expr/graph.ts"; // prettier-ignore
import { isDown, isUp } from "../../../src/expr/intervals/interval.ts";
import type { NodeShape } from "../../../src/expr/curvature/node-shape.ts";
import { OP_NAMES, OPS } from "../../../src/expr/operators.ts";
import { show } from "../../../src/expr/show-formula.ts";
import { between, type Draw, drawInBox, drawsOf } from "./checks.ts";

const DOMAINS = 3;
const [x, y, z] = [weight(0, "x"), weight(1, "y"), weight(2, "z")];

/** The shape of an expression of three shares, each at least `least`. */
const shapeOf = (node: Node, least = 0): NodeShape =>
  new Curvatures(
    {
      low: new Float64Array(DOMAINS).fill(least),
      high: new Float64Array(DOMAINS).fill(1),
    },
    () => Number.NaN,
  ).of(node);

const curvatureOf = ({ bend, constant: same }: NodeShape): string => {
  if (same !== undefined) return "constant";
  if (isUp(bend)) return isDown(bend) ? "affine" : "convex";
  return isDown(bend) ? "concave" : "unknown";
};

describe("the curvature of expressions", () => {
  test.each<[string, Node]>([
    ["affine", add(mul(2, x), sub(y, 3))],
    ["constant", add(add(x, y), z)],
    ["convex", exp(sub(mul(3, x), y))],
    ["concave", neg(exp(sub(mul(3, x), y)))],
    ["convex", power(sub(x, y), 4)],
    ["unknown", power(sub(x, y), 3)],
    ["convex", power(x, 3)],
    ["convex", max(exp(x), abs(sub(x, y)))],
    ["concave", min(sqrt(x), y)],
    ["concave", sqrt(mul(x, y))],
    ["unknown", mul(x, y)],
    ["convex", div(mul(x, x), add(y, 0.1))],
    ["unknown", div(x, add(y, 0.1))],
    ["convex", div(1, mul(x, y))],
    ["convex", div(exp(x), add(y, 0.1))],
    ["concave", log(add(x, y))],
    ["unknown", exp(sharePower(x, constant(0.5)))],
    // Powers of shares: 0 at 0.
    ["concave", add(sharePower(x, constant(0.3)), mul(2, sharePower(y, constant(1))))],
    ["convex", sharePower(x, constant(1.3))],
    ["unknown", sharePower(x, constant(-0.3))],
    ["convex", div(1, add(sharePower(x, constant(0.3)), sharePower(y, constant(0))))],
    ["unknown", div(1, add(sharePower(x, constant(0.3)), sharePower(y, constant(1.2))))],
    // A jump at the edge keeps what is concave only.
    ["concave", step(x)],
    ["convex", div(1, step(x))],
    ["concave", mul(step(x), sqrt(y))],
    ["unknown", mul(step(x), power(y, 2))],
  ])("%s: case %#", (curvature, node) => {
    expect(curvatureOf(shapeOf(node))).toBe(curvature);
  });

  test("bounds of shares decide", () => {
    const inverse = sharePower(x, constant(-0.3));
    expect(curvatureOf(shapeOf(inverse))).toBe("unknown");
    expect(curvatureOf(shapeOf(inverse, 0.01))).toBe("convex");
    const steep = call("tanh", sub(x, 0.2));
    expect(curvatureOf(shapeOf(steep))).toBe("unknown");
    expect(curvatureOf(shapeOf(steep, 0.25))).toBe("concave");
  });

  test("a strictly increasing function of a convex one has no local minima that are not global", () => {
    const inner = add(0.1, mul(3, y));
    for (const node of [log(exp(inner)), sqrt(inner), add(2, sharePower(inner, constant(0.4)))])
      expect(shapeOf(node).isPseudoconvex).toBe(true);
    // A sum of such functions may have some.
    expect(shapeOf(add(sqrt(x), sqrt(y))).isPseudoconvex).toBe(false);
    expect(shapeOf(max(sqrt(x), 0.5)).isPseudoconvex).toBe(false);
  });

  test("why an expression is not convex is told", () => {
    const [reason] = shapeOf(sharePower(x, constant(0.4))).why("convex");
    expect(reason).toMatchObject({ kind: "exponent", exponent: 0.4, is: "between 0 and 1" });
    const term = div(1, add(sharePower(x, constant(1.3)), sharePower(y, constant(0.4))));
    expect(shapeOf(term).why("convex")).toMatchObject([{ exponent: 1.3, is: "above 1" }]);
    expect(shapeOf(mul(x, y)).why("convex")).toHaveLength(1);
    expect(shapeOf(exp(x)).why("convex")).toEqual([]);
  });
});

/** A random expression of three shares. */
function expression(draw: Draw, depth: number): Node {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)];
  const kind = draw();
  if (depth === 0 || kind < 0.12)
    return draw() < 0.65 ? pick([x, y, z]) : constant(pick([0, 1, -1, 2, 0.5, 0.3, 1.7, -0.4, 3]));
  if (kind < 0.25)
    return sharePower(
      pick([x, y, z]),
      constant(pick([0, 0.3, 0.7, 1, 1.4, -0.5])),
      constant(between(draw, -1, 1)),
    );
  if (kind < 0.3) return power(expression(draw, depth - 1), pick([-2, -1, 0, 1, 2, 3]));
  const op =
    draw() < 0.75
      ? pick(["add", "sub", "mul", "div", "exp", "log", "neg", "sqrt"] as const)
      : pick(OP_NAMES);
  return call(op, ...Array.from({ length: OPS[op].arity }, () => expression(draw, depth - 1)));
}

/** What is not so, on a chord between two mixtures. */
function faults(shape: NodeShape, draw: Draw, least: number): string[] {
  const f = (h: Float64Array): number =>
    evaluateOne(shape.node, (leaf) => (leaf.kind === "weight" ? h[leaf.index] : Number.NaN));
  const box = {
    low: new Float64Array(DOMAINS).fill(least),
    high: new Float64Array(DOMAINS).fill(1),
  };
  const a = drawInBox(draw, box);
  // Sometimes at an edge: a share of 0.
  if (least === 0 && draw() < 0.3) [a[0], a[1]] = [0, a[0] + a[1]];
  const b = drawInBox(draw, box);
  const at = between(draw, 0.05, 0.95);
  const [left, right] = [f(a), f(b)];
  const middle = f(a.map((share, i) => (1 - at) * share + at * b[i]));
  if (![left, right, middle].every(Number.isFinite)) return [];
  const chord = (1 - at) * left + at * right;
  const size = 1e-9 * Math.max(1e-3, ...[left, right, middle].map(Math.abs));
  const { bend, range } = shape;
  const claims: Record<string, boolean> = {
    range: left >= range.low - size && left <= range.high + size,
    convex: !isUp(bend) || middle <= chord + size,
    concave: !isDown(bend) || middle >= chord - size,
    pseudoconvex: !shape.isPseudoconvex || middle <= Math.max(left, right) + size,
    pseudoconcave: !shape.isPseudoconcave || middle >= Math.min(left, right) - size,
    logConvex: !shape.isLogConvex || middle <= left ** (1 - at) * right ** at + size,
  };
  return Object.keys(claims).filter((claim) => !claims[claim]);
}

test("of random expressions, nothing is said that a chord refutes", () => {
  let proved = 0;
  for (let seed = 1; seed <= 1500; seed++) {
    const draw = drawsOf(seed);
    const least = draw() < 0.3 ? 0.1 : 0;
    const shape = shapeOf(expression(draw, 2 + Math.floor(draw() * 4)), least);
    if (shape.constant !== undefined) continue;
    if (isUp(shape.bend) || isDown(shape.bend)) proved++;
    for (let n = 0; n < 6; n++)
      expect(faults(shape, draw, least), `seed ${seed}: ${show(shape.node)}`).toEqual([]);
  }
  expect(proved).toBeGreaterThan(600);
});
