/** The normal equations of WebAssembly against those of JavaScript, over the whole catalog. */
import { describe, expect, test } from "vitest";
import { LOSSES } from "../../../src/expr/loss.ts";
import { residualProgram } from "../../../src/laws/objective.ts";
import { minimize } from "../../../src/solve/levenberg-marquardt.ts";
import { NormalEquations } from "../../../src/solve/normal-equations.ts";
import { pack, type Packed } from "../../../src/solve/pack-tables.ts";
import { bindings, bound, LAWS, observe, runsOf, SIGNS, start } from "../../laws/fixture.ts";
import { evaluated, expectClose, expectSame, sides } from "./sides.ts";

const RESIDUALS = ["raw", "log", "relative"] as const;
const runs = runsOf(3, 7);
/** Each with a number of its own, by which its points are drawn. */
const laws = bindings(3).map(([name, law]) => {
  const n = 2 * LAWS.indexOf(law.law) + SIGNS.indexOf(law.options.signs);
  return [name, law, n] as const;
});

/**
 * A law that takes a difference of nearly equal numbers, φ₁(z) = 1 + z·φ₂(z) at z far below 0,
 * loses digits on each side, three of them in second derivatives.
 */
const LOST = new Map([["data-constrained", 1e-9]]);

/** Every fourth run weighs nothing, and no run of the first group does. */
const unequal = ({ weights, start: first }: Packed): Float64Array =>
  weights[0].map((w, i) =>
    i % 4 === 3 || (first.length > 2 && i < first[1]) ? 0 : w * (1 + (i % 7) / 7),
  );

describe("objective, gradient, matrix and bend", () => {
  test.each(laws)("%s", (_, law, n) => {
    const theta = start(law, n);
    const losses = observe(law, runs, start(law, n + 1), 0.03).with(4, NaN);
    for (const [m, residual] of RESIDUALS.entries()) {
      const program = residualProgram(law, residual);
      const packed = pack(program, runs, 3, [losses]);
      const loss = { name: LOSSES[(n + m) % LOSSES.length], delta: 0.02 };
      const both = sides(program, packed, loss, unequal(packed));
      for (const tau of [1, 0.25]) expectSame(both, theta, tau, LOST.get(law.law.name));
      const direction = start(law, n + 2).map((x, i) => x - theta[i]);
      const [a, b] = [both.wasm, both.javascript].map((side) => side.bend(theta, direction, 0.5));
      expect(a === undefined).toBe(b === undefined);
      if (a === undefined || b === undefined) continue;
      const largest = Math.max(...b.map(Math.abs));
      expectClose(a, b, () => largest, LOST.get(law.law.name));
    }
  });
});

test.each(LOSSES)("%s loss, at any δ and τ", (name) => {
  const law = bound(LAWS[0], 3, "positive");
  const losses = observe(law, runs, start(law), 0.03);
  const program = residualProgram(law, "log");
  const packed = pack(program, runs, 3, [losses]);
  for (const delta of [1e-3, 0.03, 10])
    for (const tau of [1, 0.5, 0.1, 0])
      expectSame(sides(program, packed, { name, delta }), start(law), tau);
});

/** Two laws of five. */
const fitted = laws.filter(([, law]) => [0, 2].includes(LAWS.indexOf(law.law) % 5));

test.each(fitted)("a fit ends at the same point: %s", (_, law) => {
  const losses = observe(law, runs, start(law, 2), 0.01);
  const program = residualProgram(law, "log");
  const packed = pack(program, runs, 3, [losses]);
  const loss = { name: "huber", delta: 0.01 } as const;
  const { wasm, javascript } = sides(program, packed, loss);
  const options = { iterations: 3000, tolerance: 1e-13, gradient: 1e-11, newton: true, exact: false }; // prettier-ignore
  const ends = [wasm, javascript].map((side) =>
    minimize(
      new NormalEquations(program, packed, 0, loss, packed.weights[0], side),
      start(law, 2),
      law,
      options,
    ),
  );
  expect(Math.abs(ends[0].objective - ends[1].objective)).toBeLessThan(1e-9 * ends[1].objective);
  expect(evaluated(wasm, ends[0].theta, 1).objective).toBe(ends[0].objective);
});
