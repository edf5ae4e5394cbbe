import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Evaluator64, workspace } from "../../src/expr/evaluator.ts";

import { interpreted } from "../../src/expr/interpreter.ts";
import {
  add,
  call,
  constant,
  div,
  exp,
  input,
  mul,
  neg,
  type OpName,
  param,
  sub,
  weight,
} from "../../src/expr/graph.ts";
import { compile, compileValue } from "../../src/expr/compile.ts";
import { LOSSES } from "../../src/expr/loss.ts";
import { OPS } from "../../src/expr/operators.ts";
import { levelOf, type Program, withColumnsOf } from "../../src/expr/program.ts";
import { compiled } from "../../src/expr/javascript.ts";
import { literal } from "../../src/expr/wgsl.ts";
import { residualProgram } from "../../src/laws/objective.ts";
import { pack, tablesOf } from "../../src/solve/pack-tables.ts";
import { bindings, observe, runsOf, start } from "../laws/fixture.ts";

const runs = runsOf(3, 6);

/** Everything an evaluator computes at a point, as bits. */
function everything(
  code: Evaluator64,
  program: Program,
  theta: Float64Array,
  losses: Float64Array,
  tau: number,
): bigint[] {
  const packed = pack(program, runs, 3, [losses]);
  const tables = tablesOf(packed, 0);
  const weights = packed.weights[0].map((w, i) => (i % 4 === 3 ? 0 : w * (1 + i / 7)));
  const values = workspace(program);
  const q = program.columns.length;
  const sums = {
    S: new Float64Array((q * (q + 1)) / 2).fill(0.1),
    v: new Float64Array(q).fill(-0.3),
  };
  const [gradient, H] = [
    new Float64Array(program.params),
    new Float64Array((program.params * (program.params + 1)) / 2),
  ];
  const seen: number[] = [];
  const listed = new Float64Array((1 + q) * runs.rows);
  code.fit(values, theta);
  for (let g = 0; g + 1 < packed.start.length; g++) {
    const [from, to] = [packed.start[g], packed.start[g + 1]];
    code.mix(values, tables, g);
    for (let run = from; run < to; run++) seen.push(code.run(values, tables, run));
    code.list(values, tables, from, to, listed, runs.rows);
    seen.push(...values, code.sumLoss(values, tables, weights, from, to, 0.02, tau, sums));
    code.scatter(values, sums, gradient, H);
  }
  return [
    ...new BigUint64Array(
      Float64Array.from([...seen, ...listed, ...sums.S, ...sums.v, ...gradient, ...H]).buffer,
    ),
  ];
}

describe("the compiled and the interpreted evaluator agree bit for bit", () => {
  test.each(bindings(3))("%s", (_, law) => {
    const theta = start(law);
    const losses = observe(law, runs, theta, 0.03).with(4, NaN);
    for (const residual of ["raw", "log", "relative"] as const) {
      const program = residualProgram(law, residual);
      for (const loss of LOSSES)
        for (const tau of [1, 0.25]) {
          const [one, other] = [compiled(program, loss), interpreted(program, loss)].map((code) =>
            everything(code, program, theta, losses, tau),
          );
          expect(one).toEqual(other);
        }
    }
  });

  test("on awkward constants and shapes", () => {
    const [a, n, h] = [param(0, "a"), input("params"), weight(0, "d0")];
    const awkward = [
      sub(a, constant(-3)),
      div(a, constant(-0)),
      neg(neg(a)),
      mul(a, constant(1e-320)),
      add(constant(Infinity), a),
      add(constant(-Infinity), a),
      constant(5),
      n,
      h,
      mul(h, a),
      add(mul(n, 2), mul(h, a)),
      mul(exp(a), div(n, h)),
    ];
    for (const node of awkward) {
      const program = compile(node, 1);
      const losses = new Float64Array(runs.rows).fill(2);
      const [one, other] = [compiled(program, "huber"), interpreted(program, "huber")].map((code) =>
        everything(code, program, Float64Array.of(0.7), losses, 1),
      );
      expect(one).toEqual(other);
    }
  });

  test.each(Object.keys(OPS) as OpName[])("on %s at special values", (op) => {
    const [a, n] = [param(0, "a"), input("params")];
    const args = [mul(a, n), sub(mul(a, a), n)].slice(0, OPS[op].arity);
    const program = compileValue(call(op, ...args), 1);
    const losses = new Float64Array(runs.rows).fill(2);
    for (const x of [0, -0, 1e-12, -1e-12, 0.3, -0.3, 1e200, Infinity, -Infinity, NaN]) {
      const [one, other] = [compiled(program, "huber"), interpreted(program, "huber")].map((code) =>
        everything(code, program, Float64Array.of(x), losses, 1),
      );
      // As numbers: NaN has many bits.
      expect(new Float64Array(BigUint64Array.from(one).buffer)).toEqual(
        new Float64Array(BigUint64Array.from(other).buffer),
      );
    }
  });
});

test.each(bindings(3))("the program of a value alone has the whole one's bits: %s", (_, law) => {
  const values = [compile, compileValue].map((make) => {
    const program = make(law.loss, law.size);
    const packed = pack(program, runs, 3, []);
    const [code, slots] = [interpreted(program, "squared"), workspace(program)];
    const tables = tablesOf(packed, 0);
    const seen = new Float64Array(runs.rows);
    code.fit(slots, start(law));
    for (let g = 0; g + 1 < packed.start.length; g++) {
      code.mix(slots, tables, g);
      for (let at = packed.start[g]; at < packed.start[g + 1]; at++)
        seen[packed.order[at]] = code.run(slots, tables, at);
    }
    return new BigUint64Array(seen.buffer);
  });
  expect(values[1]).toEqual(values[0]);
});

test("derivatives by some parameters alone have the whole program's bits", () => {
  for (const [, law] of bindings(3)) {
    const whole = residualProgram(law, "log");
    const part = withColumnsOf(whole, new Set([0]));
    const losses = observe(law, runs, start(law), 0.03);
    const derivative = (program: Program): bigint[] => {
      const packed = pack(program, runs, 3, [losses]);
      const [code, values, tables] = [compiled(program, "huber"), workspace(program), tablesOf(packed, 0)]; // prettier-ignore
      const sums = program.columns.map(({ partial, entries }) =>
        entries.flatMap(({ param: index, slot }) => (index === 0 ? [{ partial, slot }] : [])),
      );
      const seen: number[] = [];
      code.fit(values, start(law));
      code.mix(values, tables, 0);
      for (let at = 0; at < packed.start[1]; at++) {
        seen.push(code.run(values, tables, at));
        for (const { partial, slot } of sums.flat()) seen.push(values[partial] * values[slot]);
      }
      return [...new BigUint64Array(Float64Array.from(seen).buffer)];
    };
    expect(derivative(part)).toEqual(derivative(whole));
    expect(part.columns.flatMap(({ entries }) => entries).every((e) => e.param === 0)).toBe(true);
  }
});

describe("where compiling is forbidden", () => {
  let attempts = 0;
  beforeEach(() => {
    attempts = 0;
    vi.resetModules(); // what is allowed is asked once, and kept
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });
  const forbid = (error: Error): void => {
    vi.stubGlobal("Function", function Function() {
      attempts++;
      throw error;
    });
  };
  const posed = () => compile(exp(param(0, "a")), 1);

  test("the interpreter takes over, after one attempt for all programs", async () => {
    const fresh = await import("../../src/expr/float64.ts");
    forbid(new EvalError("Refused to evaluate a string as JavaScript"));
    expect(() => compiled(posed(), "huber")).toThrow(EvalError);
    attempts = 0;
    for (let n = 0; n < 3; n++) {
      const program = posed();
      const values = workspace(program);
      fresh.evaluator64(program).fit(values, Float64Array.of(1));
      expect(values[program.value]).toBe(Math.E);
    }
    expect(attempts).toBe(1);
  });

  test("other errors are not hidden", async () => {
    const fresh = await import("../../src/expr/float64.ts");
    forbid(new SyntaxError("a bug"));
    expect(() => fresh.evaluator64(posed())).toThrow(SyntaxError);
  });
});

describe("compile", () => {
  const [a, b] = [param(0, "a"), param(1, "b")];
  const [N, h] = [input("params"), weight(0, "web")];

  test("each slot is computed as rarely as it can be", () => {
    const program = compile(add(add(exp(a), mul(h, exp(b))), mul(a, exp(N))), 2);
    const levels = program.slots.map((slot) =>
      slot.kind === "op" ? `${slot.op} ${levelOf(slot)}` : slot.kind,
    );
    // exp(N) is a column
    expect(levels.filter((text) => text.startsWith("exp"))).toEqual(["exp fit", "exp fit"]);
    expect(program.tables.run).toHaveLength(1);
    expect(program.tables.mix).toHaveLength(1);
    expect(levels.filter((text) => text.endsWith("run"))).toEqual(["mul run", "add run"]);
  });

  test("arguments come before what reads them", () => {
    for (const [, law] of bindings(4)) {
      const { slots, columns, value } = residualProgram(law, "log");
      for (const [i, slot] of slots.entries())
        if (slot.kind === "op") expect(Math.max(...slot.args)).toBeLessThan(i);
      for (const { partial, entries } of columns)
        for (const at of [partial, ...entries.map((e) => e.slot)])
          expect(at).toBeLessThan(slots.length);
      expect(value).toBeLessThan(slots.length);
    }
  });

  test("terms with the same derivative share a column", () => {
    // ∂/∂a = 1 and ∂/∂(h·b) = 1: one column feeds both parameters.
    const program = compile(sub(add(a, mul(h, b)), N), 2);
    expect(program.columns).toHaveLength(1);
    expect(program.columns[0].entries.map((e) => e.param)).toEqual([0, 1]);
  });

  test("the factored Jacobian of the additive law has five columns, whatever the number of domains", () => {
    const found = bindings(2, 40).filter(([name]) => /^additive(?!-)/.test(name));
    expect(found.map(([, law]) => residualProgram(law, "raw").columns.length)).toEqual(
      found.map(() => 5),
    );
  });

  test("a program survives serialization", () => {
    const program = compile(mul(a, N), 1);
    expect(structuredClone(program)).toEqual(program);
  });
});

test("float32 literals", () => {
  expect([0, 1, -2, 0.1, 1e21, 1e-7, Infinity, -Infinity].map(literal)).toEqual([
    "0.0", "1.0", "-2.0", "0.1", "1e+21", "1e-7", "3.4e+38", "-3.4e+38",
  ]); // prettier-ignore
});
