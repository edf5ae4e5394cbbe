import { describe, expect, test } from "vitest";
import { compileValue } from "../../src/expr/compile.ts";
import { FewChanges } from "../../src/expr/changes/few-changes.ts";
import { tangent } from "../../src/expr/derivatives.ts";
import { evaluateOne } from "../../src/expr/float64.ts";
import {
  add,
  exp,
  input,
  log,
  mul,
  neg,
  type Node,
  param,
  sub,
  sum,
  topological,
} from "../../src/expr/graph.ts";
import { Interner } from "../../src/expr/simplify.ts";
import { inPairs } from "../../src/expr/changes/sums-in-pairs.ts";
import { stream } from "../../src/random/rng.ts";

const K = 50;
const draws = stream(3, 7004);
const theta = Float64Array.from({ length: 2 * K }, (_, i) => draws.uniform(0, i));
const row = Float64Array.of(1.7);
const x = (i: number): Node => param(i, `x${i}`);
const scale = input("scale");

/** e^(Σ ln(1 + xᵢ)·scale/K − (x₀ − x₁)), without the last i, and its derivative along y. */
const power = exp(
  sub(
    sum(K - 1, (i) => mul(scale, mul(1 / K, log(add(1, x(i)))))),
    sub(x(0), x(1)),
  ),
);
const value = add(power, tangent(power, (leaf) => leaf.kind === "param" ? x(K + leaf.index) : undefined, new Interner())); // prettier-ignore
const valueAt = (point: Float64Array, node = value): number =>
  evaluateOne(node, (leaf) => (leaf.kind === "param" ? point[leaf.index] : row[0]));
const groups = Array.from({ length: K }, (_, i) => ({ point: i, direction: K + i }));

/** How many additions follow the deepest term. */
function depthOf(root: Node): number {
  const depths = new Map<Node, number>();
  for (const node of topological([root])) {
    const below = node.kind === "op" ? node.args.map((arg) => depths.get(arg) ?? 0) : [0];
    const isAdded = node.kind === "op" && (node.op === "add" || node.op === "sub");
    depths.set(node, Math.max(...below) + (isAdded ? 1 : 0));
  }
  return depths.get(root) ?? 0;
}

describe("long sums in pairs", () => {
  test("have the same value, and few additions after each term", () => {
    const paired = inPairs(value);
    expect(valueAt(theta, paired)).toBeCloseTo(valueAt(theta), 12);
    expect(depthOf(value)).toBeGreaterThan(K);
    expect(depthOf(paired)).toBeLessThan(12);
  });

  test("keep signs, and parts that are read elsewhere too", () => {
    const part = add(x(0), x(1));
    const odd = mul(part, neg(sub(sub(x(2), part), neg(add(x(3), neg(sub(x(4), x(5))))))));
    expect(valueAt(theta, inPairs(odd))).toBeCloseTo(valueAt(theta, odd), 14);
    expect(valueAt(theta, inPairs(neg(neg(x(7)))))).toBe(theta[7]);
    expect(inPairs(x(3))).toEqual(x(3));
  });
});

describe("a program's value where few coordinates change", () => {
  const changes = FewChanges.of(compileValue(inPairs(value), 2 * K), groups);
  if (changes === undefined) throw new Error("a group concerns much of the program");

  test("is that of all coordinates, whatever was changed before", () => {
    changes.at(theta, row);
    expect(changes.value).toBeCloseTo(valueAt(theta), 12);
    for (let n = 0; n < 200; n++) {
      const [first, second] = [n % 7, (n % 7) + 1 + (n % (K - 7))];
      const [a, b] = [1, 2].map((part) => draws.uniform(part, n));
      // Some without a direction: much of what depends on it is 0 then.
      const [da, db] = [n % 3 === 0 ? 0 : -a, n % 2 === 0 ? 0 : b];
      changes.change(first, a, da);
      for (const [to, direction] of [
        [b, db],
        [0.5 * b, 0],
        [b, 0.3],
      ]) {
        // prettier-ignore
        const point = theta.with(first, a).with(K + first, da).with(second, to).with(K + second, direction); // prettier-ignore
        expect(changes.with(second, to, direction)).toBeCloseTo(valueAt(point), 11);
      }
    }
    changes.at(theta, row);
    expect(changes.value).toBeCloseTo(valueAt(theta), 12);
  });

  test("is the same for a group that is alone, or of which nothing depends", () => {
    const alone = mul(x(1), x(1));
    const along = tangent(alone, (leaf) => (leaf.kind === "param" ? x(4) : undefined), new Interner()); // prettier-ignore
    const rest = sum(30, (i) => exp(mul(x(40 + i), x(41 + i))));
    const program = compileValue(add(add(rest, alone), along), 80);
    const three = [{ point: 0 }, { point: 1, direction: 4 }, { point: 2 }];
    const few = FewChanges.of(program, three);
    if (few === undefined) throw new Error("a group concerns much of the program");
    few.at(theta.with(1, 0), row);
    const before = few.value;
    few.change(0, 3, 0);
    for (const direction of [0, 0.5, 0]) {
      expect(few.with(1, 2, direction)).toBeCloseTo(before + 4 + 4 * direction, 11);
      expect(few.with(2, 5, 0)).toBe(before);
    }
  });

  test("there is none where a change concerns much", () => {
    const product = exp(sum(6, (i) => mul(x(i), x((i + 1) % 6))));
    const few = Array.from({ length: 6 }, (_, point) => ({ point }));
    expect(FewChanges.of(compileValue(product, 6), few)).toBeUndefined();
  });
});
