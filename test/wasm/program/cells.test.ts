/** What depends on a column of few values is computed once a value: the bits are the same. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../src/expr/compile.ts";
import { add, exp, input, log, mul, neg, type Node, param, sub, weight } from "../../../src/expr/graph.ts"; // prettier-ignore
import { RESPONSE } from "../../../src/expr/program.ts";
import { type Columns, pack } from "../../../src/solve/pack-tables.ts";
import { planOf } from "../../../src/wasm/program/code-plan.ts";
import { evaluated, expectSame, sides } from "./sides.ts";

const [a, b, c] = [param(0, "a"), param(1, "b"), param(2, "c")];
const [x, z] = [input("x"), input("z")];
const residual = (loss: Node) => compile(sub(loss, input(RESPONSE)), 3, true);
const mixed = residual(add(c, exp(sub(mul(weight(0, "d0"), a), mul(b, x)))));
const additive = residual(
  add(
    add(a, exp(neg(mul(b, x)))),
    add(mul(c, log(add(z, exp(c)))), mul(weight(0, "d0"), weight(1, "d1"))),
  ),
);
const loss = { name: "cauchy", delta: 0.5 } as const;

/** Runs of six mixtures, whose x and z have so many values. */
function table(rows: number, values: number): Columns {
  const h = Array.from({ length: rows }, (_, i) => (1 + (i % 6)) / 8);
  const column = (shift: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => 1 + ((i * 7 + shift) % values) / values);
  return {
    rows,
    weights: Float64Array.from(h.flatMap((share) => [share, 1 - share])),
    inputs: { x: column(0), z: column(3) },
  };
}

const observed = (rows: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => 2 + Math.cos(i));
const theta = Float64Array.of(0.3, 0.7, -0.2);

test("a column has cells where a function of it depends on no mixture", () => {
  expect(planOf(mixed).cells).toEqual([]);
  expect(planOf(additive).cells.map(({ column }) => column)).toEqual([0, 1]);
});

describe("by how often a value comes back", () => {
  test.each([
    ["every run has its own", 90, 90],
    ["half the runs", 90, 45],
    ["just enough", 90, 44],
    ["a grid", 300, 7],
    ["one value", 31, 1],
    ["more than there is room for", 1400, 300],
    ["nearly as many as there is room for", 1400, 255],
  ])("%s", (_, rows, values) => {
    const packed = pack(additive, table(rows, values), 2, [observed(rows)]);
    const both = sides(additive, packed, loss);
    expectSame(both, theta, 1);
    const [wasm, javascript] = [both.wasm, both.javascript].map((side) =>
      side.bend(theta, Float64Array.of(0.1, -0.3, 0.2), 0.5),
    );
    for (const [i, pull] of (javascript ?? []).entries())
      expect(Math.abs((wasm?.[i] ?? NaN) - pull)).toBeLessThan(1e-12 * (1 + Math.abs(pull)));
  });
});

test("weights that change change the cells", () => {
  const packed = pack(additive, table(120, 9), 2, [observed(120)]);
  const some = packed.weights[0].map((w, i) => (i % 3 === 0 ? w * 2 : 0));
  const one = packed.weights[0].map((w, i) => (i === 50 ? w : 0));
  const { wasm } = sides(additive, packed, loss);
  const before = evaluated(wasm, theta, 1);
  for (const weights of [some, one]) {
    wasm.weigh(weights);
    expect(evaluated(wasm, theta, 1)).toEqual(
      evaluated(sides(additive, packed, loss, weights).wasm, theta, 1),
    );
    expectSame(sides(additive, packed, loss, weights), theta, 1);
  }
  wasm.weigh(packed.weights[0]);
  expect(evaluated(wasm, theta, 1)).toEqual(before);
});
