/** Steps as compiled code are those that are interpreted, to the last bit. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { compiledSteps } from "../../src/expr/changes/step-code.ts";
import { compileValue } from "../../src/expr/compile.ts";
import { workspace } from "../../src/expr/evaluator.ts";
import { OP_NAMES, OPS } from "../../src/expr/operators.ts";
import { add, call, mul, type Node, param } from "../../src/expr/graph.ts";

/** Σ f(xᵢ) over every operator f, and of products of neighbours. */
const x = (i: number): Node => param(i, `x${i}`);
const terms = OP_NAMES.map((op, i) => {
  const args = OPS[op].arity === 1 ? [x(i % 5)] : [x(i % 5), x((i + 1) % 5)];
  return call(op, ...args);
});
const program = compileValue(terms.reduce((sum, term, i) => add(i % 2 === 0 ? term : mul(term, x(0)), sum)), 5); // prettier-ignore
const steps = Int32Array.from(program.slots.flatMap((slot, i) => (slot.kind === "op" ? [i] : [])));

/** All slots where the parameters are these, step by step by the operator table. */
function interpreted(values: readonly number[]): Float64Array {
  const memory = at(values);
  for (const id of steps) {
    const slot = program.slots[id];
    if (slot?.kind !== "op") throw new Error("not computed");
    const [a = 0, b = a] = slot.args;
    memory[id] = OPS[slot.op].f64(memory[a] ?? NaN, memory[b] ?? NaN);
  }
  return memory;
}

function at(values: readonly number[]): Float64Array {
  const memory = workspace(program);
  for (const [i, slot] of program.slots.entries())
    if (slot.kind === "param") memory[i] = values[slot.index] ?? NaN;
  return memory;
}

describe("steps as code", () => {
  const points = [
    [0.1, 0.2, 0.3, 0.4, 0.5],
    [-1.5, 2, -0.25, 1e-9, 3],
    [0, -0, 1e300, -1e-300, 40],
  ];
  test.each(points)("at %s, %s, %s, %s, %s are the operators' own", (...values) => {
    const run = compiledSteps(program.slots, steps);
    if (run === undefined) throw new Error("nothing may be compiled");
    const memory = at(values);
    run(memory);
    expect(memory).toEqual(interpreted(values));
  });

  test("of another group of the same shape read its own slots", () => {
    const group = (a: number, b: number): { memory: Float64Array; steps: Int32Array } => {
      const own = compileValue(add(mul(x(a), x(b)), x(b)), 5);
      const memory = workspace(own);
      const ids = own.slots.flatMap((slot, i) => (slot.kind === "op" ? [i] : []));
      for (const [i, slot] of own.slots.entries())
        if (slot.kind === "param") memory[i] = 10 ** slot.index;
      compiledSteps(own.slots, Int32Array.from(ids))?.(memory);
      return { memory: memory.slice(own.value, own.value + 1), steps: Int32Array.from(ids) };
    };
    expect(group(0, 1).memory[0]).toBe(20);
    expect(group(2, 4).memory[0]).toBe(1_010_000);
  });
});

describe("where nothing may be compiled", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });
  test("there is no code", async () => {
    vi.resetModules(); // what is allowed is asked once, and kept
    vi.stubGlobal("Function", function Function() {
      throw new EvalError("Refused to evaluate a string as JavaScript");
    });
    const fresh = await import("../../src/expr/changes/step-code.ts");
    expect(fresh.compiledSteps(program.slots, steps)).toBeUndefined();
  });
});
