/** Where lanes, weights or numbers are unusual: WebAssembly does as JavaScript does. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../src/expr/compile.ts";
import {
  add,
  div,
  exp,
  input,
  log,
  mul,
  type Node,
  param,
  sub,
  sum,
  weight,
} from "../../../src/expr/graph.ts";
import { RESPONSE } from "../../../src/expr/program.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { residualProgram } from "../../../src/laws/objective.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { type Columns, pack } from "../../../src/solve/pack-tables.ts";
import { bound, huber, observe, runsOf, start } from "../../laws/fixture.ts";
import { evaluated, expectSame, expectClose, sides } from "./sides.ts";

const law = bound(laws.joint, 3, "free");
const program = residualProgram(law, "log");
const loss = huber(0.02);
const runs = runsOf(3, 9);
const losses = observe(law, runs, start(law), 0.03);

/** Some rows of the runs, with their losses. */
function rows(keep: (row: number) => boolean): { runs: Columns; losses: Float64Array } {
  const kept = Array.from({ length: runs.rows }, (_, row) => row).filter(keep);
  return {
    runs: {
      rows: kept.length,
      weights: Float64Array.from(kept.flatMap((row) => [...runs.weights.subarray(3 * row, 3 * row + 3)])), // prettier-ignore
      inputs: Object.fromEntries(
        Object.entries(runs.inputs).map(([name, x]) => [name, Float64Array.from(kept, (row) => x[row])]), // prettier-ignore
      ),
    },
    losses: Float64Array.from(kept, (row) => losses[row]),
  };
}

const packedRows = (keep: (row: number) => boolean) => {
  const some = rows(keep);
  return pack(program, some.runs, 3, [some.losses]);
};

describe("lanes", () => {
  test.each([
    ["one run", (row: number) => row === 4],
    ["one mixture", (row: number) => row % 9 === 2],
    [
      "a mixture of three runs and one of a single run",
      (row: number) => row % 9 === 0 || row === 1,
    ],
    ["three mixtures of a run each", (row: number) => row < 3],
    ["mixtures of different numbers of runs", (row: number) => row % 4 !== 1 && row > 2],
  ] as const)("%s", (_, keep) =>
    expectSame(sides(program, packedRows(keep), loss), start(law, 3), 1),
  );

  test("a group of more runs than a block", () => {
    const chinchilla = bound(laws.chinchilla, 0, "positive");
    const many = runsOf(1, 83);
    const code = residualProgram(chinchilla, "log");
    const y = observe(chinchilla, many, start(chinchilla), 0.03);
    for (const n of [249, 64, 65, 127])
      expectSame(
        sides(code, pack(code, many, 0, [y.map((x, row) => (row < n ? x : NaN))]), loss),
        start(chinchilla, 2),
        0.5,
      );
  });
});

test("runs of weight 0 are not read", () => {
  const packed = packedRows(() => true);
  const weights = packed.weights[0].map((w, i) => (i % 3 === 0 ? 0 : w));
  const spoiled = { ...packed, responses: [packed.responses[0].map((y, i) => (i % 3 === 0 ? NaN : y))] }; // prettier-ignore
  const [whole, other] = [packed, spoiled].map((tables) =>
    evaluated(sides(program, tables, loss, weights).wasm, start(law), 0.5),
  );
  expect(other).toEqual(whole);
});

test("what is no number or infinite is so on both sides", () => {
  const both = sides(
    program,
    packedRows(() => true),
    loss,
  );
  for (const value of [NaN, Infinity, -Infinity, 1e308, -1e308, 1e4, -1e4])
    for (const i of [0, 3, law.size - 1]) {
      const theta = start(law).with(i, value);
      const [a, b] = [both.wasm, both.javascript].map((side) => evaluated(side, theta, 1));
      expect(Number.isNaN(a.objective)).toBe(Number.isNaN(b.objective));
      expect(Number.isFinite(a.objective)).toBe(Number.isFinite(b.objective));
      if (Number.isFinite(b.objective)) expect(a.objective / b.objective).toBeCloseTo(1, 12);
    }
});

test("no runs that weigh something: no number", () => {
  const packed = packedRows(() => true);
  const { wasm } = sides(
    program,
    packed,
    loss,
    packed.weights[0].map(() => 0),
  );
  expect(evaluated(wasm, start(law), 1).objective).toBeNaN();
});

test("the second derivatives of the whole objective", () => {
  const packed = packedRows(() => true);
  const { wasm, javascript } = sides(program, packed, { name: "cauchy", delta: 0.02 });
  const [a, b] = [wasm, javascript].map((side) => {
    const slopesAt = side.slopesWith(start(law));
    slopesAt(start(law, 3)); // any points in between
    side.evaluate(start(law, 4), 1, new Float64Array(law.size), new Float64Array((law.size * (law.size + 1)) / 2)); // prettier-ignore
    return slopesAt(start(law, 2));
  });
  const largest = Math.max(...b.map(Math.abs));
  expectClose(a, b, () => largest);
});

test("fits that take turns in the memory, and one that is as large as all of it", () => {
  const packed = packedRows(() => true);
  const small = Array.from({ length: 3 }, () => sides(program, packed, loss));
  const before = small.map(({ wasm }) => evaluated(wasm, start(law), 1));
  const linear = compile(
    sub(add(param(0, "a"), mul(param(1, "b"), input("x"))), input(RESPONSE)),
    2,
  );
  const x = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
  const y = x.map((v, i) => 1 + 2 * v + Math.cos(7 * i) / 10);
  const large = pack(linear, { rows: x.length, inputs: { x }, weights: new Float64Array() }, 0, [
    y,
  ]);
  expectSame(sides(linear, large, { name: "squared", delta: 1 }), Float64Array.of(0.9, 2.2), 1);
  expect(small.map(({ wasm }) => evaluated(wasm, start(law), 1))).toEqual(before);
});

describe("formulas", () => {
  const shares = (n: number, f: (h: Node, i: number) => Node): Node =>
    sum(n, (i) => f(weight(i, `d${i}`), i));
  /** Shares and losses made up. */
  const made = (k: number, count: number): Columns => ({
    rows: count,
    weights: Float64Array.from({ length: k * count }, (_, i) => (1 + Math.sin(i * i)) / k),
    inputs: { x: Float64Array.from({ length: count }, (_, i) => 1 + (i % 5)) },
  });
  const agree = (node: Node, params: number, k: number, count = 12, bent = true): void => {
    const code = compile(sub(node, input(RESPONSE)), params, bent);
    const table = made(k, count);
    const y = Float64Array.from({ length: count }, (_, i) => 2 + Math.cos(i));
    const packed = pack(code, table, k, [y]);
    const theta = Float64Array.from({ length: params }, (_, i) => Math.sin(1 + i) / 2);
    const both = sides(code, packed, { name: "cauchy", delta: 0.5 });
    expectSame(both, theta, 1);
    expectSame(both, theta, 0.25);
  };

  test("a coordinate that feeds several columns", () => {
    const [a, b] = [param(0, "a"), param(1, "b")];
    agree(add(mul(exp(a), input("x")), div(mul(a, b), add(input("x"), exp(b)))), 2, 0);
    agree(
      add(
        a,
        mul(
          shares(3, (h) => mul(h, exp(mul(a, h)))),
          exp(mul(b, log(input("x")))),
        ),
      ),
      2,
      3,
    );
  });

  test("more columns than are written out", () => {
    agree(
      sum(30, (i) => exp(mul(param(i, `p${i}`), mul(input("x"), 0.01 * (i + 1))))),
      30,
      0,
      50,
    );
  });

  test("constants and single values", () => {
    agree(add(param(0, "a"), 0), 1, 0);
    agree(mul(weight(0, "d0"), param(0, "a")), 1, 2);
    agree(exp(param(0, "a")), 1, 0, 1);
  });

  test("levels of thousands of slots", () => {
    const products = shares(64, (h, i) =>
      exp(
        mul(
          param(i, `p${i}`),
          sum(8, (j) => mul(h, exp(mul(param((i + j) % 64, `p${(i + j) % 64}`), h)))),
        ),
      ),
    );
    agree(add(products, exp(mul(param(0, "p0"), log(input("x"))))), 64, 64, 9, false);
    agree(sum(300, (i) => div(exp(mul(param(i % 7, `p${i % 7}`), input("x"))), add(i + 1, exp(param((i + 1) % 7, `p${(i + 1) % 7}`))))), 7, 0, 9, false); // prettier-ignore
  });
});

test("the choice of NormalEquations is WebAssembly's", () => {
  const packed = packedRows(() => true);
  const normal = new NormalEquations(program, packed, 0, loss);
  const { wasm } = sides(program, packed, loss);
  const { objective, H } = evaluated(wasm, start(law), 1);
  expect(normal.evaluate(start(law))).toBe(objective);
  expect(normal.H).toEqual(H);
});
