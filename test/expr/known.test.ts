/** Derivatives that are written beside an expression. */
import { describe, expect, test } from "vitest";
import { gradient, tangent } from "../../src/expr/derivatives.ts";
import { evaluate } from "../../src/expr/float64.ts";
import {
  add,
  exp,
  input,
  known,
  log,
  mul,
  type Node,
  param,
  sub,
  timesExp,
  topological,
  weight,
} from "../../src/expr/graph.ts";
import { compile } from "../../src/expr/compile.ts";
import { show } from "../../src/expr/show-formula.ts";
import { Interner } from "../../src/expr/simplify.ts";

const [a, b] = [param(0, "a"), param(1, "b")];
const h = weight(0, "h");
const at = (leaf: Node): number =>
  leaf.kind === "param" ? [0.3, -0.7, 2, 5][leaf.index] : leaf.kind === "weight" ? 1.5 : 0.25;

/**
 * h·a·b with derivatives that are wrong, so that it shows where they are used; a second time each
 * is its own.
 */
const marked = known(mul(h, mul(a, b)), [a, b], () => [
  known(exp(a), [a], () => [exp(a)]),
  mul(100, b),
]);

describe("an expression with known derivatives", () => {
  test("has the value and the text of the expression", () => {
    expect(evaluate([add(marked, 1)], at)[0]).toBeCloseTo(1.5 * 0.3 * -0.7 + 1, 15);
    expect(show(add(marked, 1))).toBe(show(add(mul(h, mul(a, b)), 1)));
  });

  test("has these in parameters, by the chain rule, and its value's own in anything else", () => {
    const interner = new Interner();
    const root = interner.canonical(mul(2, marked));
    const [inA, inB] = evaluate(gradient(root, [a, b].map((x) => interner.canonical(x)), interner), at); // prettier-ignore
    expect(inA).toBeCloseTo(2 * Math.exp(0.3), 14);
    expect(inB).toBeCloseTo(2 * 100 * -0.7, 12);
    const [inShare] = evaluate(gradient(root, [interner.canonical(h)], interner), at);
    expect(inShare).toBeCloseTo(2 * 0.3 * -0.7, 14);
  });

  test("along a direction too, and a second time", () => {
    const interner = new Interner();
    const velocities = new Map([a, b].map((x, i) => [interner.canonical(x), param(2 + i, "Δ")]));
    const move = (leaf: Node): Node | undefined => velocities.get(leaf);
    const once = tangent(interner.canonical(marked), move, interner);
    const twice = tangent(once, move, interner);
    // Δa·e^a + Δb·100b, and of that Δa²·e^a + 100Δb².
    expect(evaluate([once], at)[0]).toBeCloseTo(2 * Math.exp(0.3) + 5 * 100 * -0.7, 10);
    expect(evaluate([twice], at)[0]).toBeCloseTo(4 * Math.exp(0.3) + 2500, 10);
  });

  test("may depend on parameters through what is no part of it", () => {
    const interner = new Interner();
    // w = e^a/(e^a + e^b), as its own derivative in a − ln(e^a + e^b).
    const total = add(exp(a), exp(b));
    const w = known(mul(exp(a), exp(sub(0, log(total)))), [sub(a, log(total))], (self) => [self]);
    const found = evaluate(gradient(interner.canonical(w), [a, b].map((x) => interner.canonical(x)), interner), at); // prettier-ignore
    const share = Math.exp(0.3) / (Math.exp(0.3) + Math.exp(-0.7));
    expect(found[0]).toBeCloseTo(share * (1 - share), 14);
    expect(found[1]).toBeCloseTo(-share * (1 - share), 14);
  });

  test("is the expression alone in a program, of which no derivative that is not asked for is a part", () => {
    const program = compile(mul(marked, input("n")), 2);
    expect(program.slots.every((slot) => slot.kind !== "op" || slot.op !== "log")).toBe(true);
    expect(new Set(program.columns.flatMap(({ entries }) => entries.map((e) => e.param)))).toEqual(
      new Set([0, 1]),
    );
    const interner = new Interner();
    const plain = interner.plain(interner.canonical(add(marked, timesExp(h, a))));
    expect(topological([plain]).some((node) => node.kind === "known")).toBe(false);
    expect(plain).toBe(interner.canonical(add(mul(h, mul(a, b)), mul(h, exp(a)))));
  });

  test("equal ones are one node", () => {
    const interner = new Interner();
    expect(interner.canonical(timesExp(h, add(a, b)))).toBe(
      interner.canonical(timesExp(h, add(b, a))),
    );
  });
});
