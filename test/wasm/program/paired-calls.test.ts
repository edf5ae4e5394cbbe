import { describe, expect, test } from "vitest";
import { compile } from "../../../src/expr/compile.ts";
import { add, exp, input, log, mul, type Node, param, sum } from "../../../src/expr/graph.ts";
import type { Level, Program } from "../../../src/expr/program.ts";
import { pairedCalls } from "../../../src/wasm/program/code-plan.ts";

const x = (i: number): Node => param(i, `x${i}`);
/**
 * Σ e^(ln(xᵢ + 1)·s) + e^(e^x₀): for each exponential at the run level a logarithm at the fit's.
 */
const loss = add(
  sum(5, (i) => exp(mul(log(add(x(i), 1)), input("s")))),
  exp(exp(x(0))),
);
const program = compile(loss, 5);
const all = program.slots.flatMap(({ kind }, i) => (kind === "op" ? [i] : []));
const opOf = ({ slots }: Program, i: number): string => {
  const slot = slots[i];
  return slot.kind === "op" ? slot.op : slot.kind;
};
const isCall = (i: number): boolean => ["exp", "log"].includes(opOf(program, i));

describe("calls in pairs", () => {
  const order = (alike: readonly Level[]) => pairedCalls(program, all, alike);

  test("compute each slot once, after what it needs, and two only of one function", () => {
    for (const alike of [["fit", "run"], ["fit"], []] as Level[][]) {
      const done = new Set<number>();
      for (const calls of order(alike)) {
        for (const i of calls) {
          const slot = program.slots[i];
          for (const arg of slot.kind === "op" ? slot.args : [])
            expect(done.has(arg) || !all.includes(arg)).toBe(true);
        }
        expect(new Set(calls.map((i) => opOf(program, i))).size).toBe(1);
        for (const i of calls) done.add(i);
      }
      expect([...done].sort((a, b) => a - b)).toEqual(all);
    }
  });

  test("leave few functions alone, and none of another level together", () => {
    const alone = (alike: readonly Level[]): number =>
      order(alike).filter((calls) => calls.length === 1 && isCall(calls[0])).length;
    expect(all.filter(isCall).length).toBeGreaterThan(11);
    expect(alone(["fit", "run"])).toBeLessThan(5);
    for (const [i, other] of order(["fit"])) {
      const [first, second] = [i, other ?? i].map((n) => program.slots[n]);
      if (other !== undefined) expect([first, second]).toMatchObject([{ level: "fit" }, { level: "fit" }]); // prettier-ignore
    }
    expect(order([]).every((calls) => calls.length === 1)).toBe(true);
  });
});
