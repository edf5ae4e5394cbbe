import { describe, expect, test } from "vitest";
import { GradientChanges } from "../../src/expr/changes/gradient-changes.ts";
import { inPairs } from "../../src/expr/changes/sums-in-pairs.ts";
import { compile, compileTerms } from "../../src/expr/compile.ts";
import { workspace } from "../../src/expr/evaluator.ts";
import { evaluate, evaluator64 } from "../../src/expr/float64.ts";
import { add, exp, input, log, mul, type Node, param, sub, sum } from "../../src/expr/graph.ts";
import type { Program } from "../../src/expr/program.ts";
import { stream } from "../../src/random/rng.ts";

const K = 50;
const draws = stream(3, 7005);
const theta = Float64Array.from({ length: K }, (_, i) => 0.1 + draws.uniform(0, i));
const x = (i: number): Node => param(i, `x${i}`);
const scale = input("scale");

/** e^(Σ ln(1 + xᵢ)·scale/K − (x₀ − x₁)) + (Σ xᵢ²)·x₂, without the last i. */
const loss = add(
  exp(
    sub(
      sum(K - 1, (i) => mul(scale, mul(1 / K, log(add(1, x(i)))))),
      sub(x(0), x(1)),
    ),
  ),
  mul(
    sum(K - 1, (i) => mul(x(i), x(i))),
    x(2),
  ),
);

const rowOf = ({ tables }: Program): Float64Array =>
  Float64Array.from(evaluate(tables.run, () => 1.7));

function gradientOf(program: Program, at: Float64Array): Float64Array {
  const evaluator = evaluator64(program);
  const values = workspace(program);
  evaluator.fit(values, at);
  const tables = { mix: new Float64Array(), run: rowOf(program), response: new Float64Array() };
  evaluator.mix(values, tables, 0);
  evaluator.run(values, tables, 0);
  const out = new Float64Array(program.params);
  for (const { partial, entries } of program.columns)
    for (const { param: j, slot } of entries) out[j] += values[partial] * values[slot];
  return out;
}

describe("a Jacobian that is factored at terms of one parameter", () => {
  test("is the same, in few columns", () => {
    const program = compileTerms(loss, K);
    expect(program.columns.length).toBeLessThan(6);
    const [own, other] = [program, compile(loss, K)].map((each) => gradientOf(each, theta));
    for (const [j, slope] of own.entries()) expect(slope).toBeCloseTo(other[j], 12);
  });

  test("has one column where all depends on one parameter", () => {
    const program = compileTerms(exp(mul(scale, x(3))), 5);
    expect(program.columns).toHaveLength(1);
    expect(gradientOf(program, theta)[3]).toBeCloseTo(1.7 * Math.exp(1.7 * theta[3]), 12);
  });
});

describe("how a gradient changes with one parameter", () => {
  test("is the difference of gradients, whatever was changed before", () => {
    const terms = compileTerms(inPairs(loss), K);
    const changes = GradientChanges.of(terms);
    if (changes === undefined) throw new Error("a parameter concerns much of the program");
    const program = compile(loss, K);
    for (const at of [theta, theta.map((t) => 1 - t / 2)]) {
      changes.at(at, rowOf(terms));
      const before = gradientOf(program, at);
      for (const i of [0, 1, 2, 17, K - 1, 17]) {
        const after = gradientOf(program, at.with(i, 0.4));
        const out = new Float64Array(K).fill(3);
        changes.add(i, 0.4, -2, out);
        for (const [j, found] of out.entries())
          expect(found).toBeCloseTo(3 - 2 * (after[j] - before[j]), 11);
      }
    }
  });

  test("is not offered where a parameter concerns much", () => {
    const product = exp(sum(6, (i) => mul(x(i), x((i + 1) % 6))));
    expect(GradientChanges.of(compileTerms(product, 6))).toBeUndefined();
  });
});
