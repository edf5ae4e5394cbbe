/** A fit's normal equations by WebAssembly and by JavaScript, and how near they have to be. */
import { expect } from "vitest";
import type { ScaledLoss } from "../../../src/expr/loss.ts";
import type { Program } from "../../../src/expr/program.ts";
import { JavaScriptEvaluation } from "../../../src/solve/javascript-evaluation.ts";
import { type Packed, tablesOf } from "../../../src/solve/pack-tables.ts";
import type { FitEvaluation } from "../../../src/wasm/program/fit-evaluation.ts";
import { wasmEvaluation } from "../../../src/wasm/program/wasm-evaluation.ts";

/**
 * The functions of both sides are within two ulps of the exact ones; so are sums of some hundred
 * terms within this.
 */
const CLOSE = 1e-12;
/** Terms of a gradient have both signs, and some laws take differences of nearly equal numbers. */
const CLOSE_SLOPES = 1e-11;

export interface Sides {
  readonly wasm: FitEvaluation;
  readonly javascript: FitEvaluation;
}

export function sides(
  program: Program,
  packed: Packed,
  loss: ScaledLoss,
  weights = packed.weights[0],
): Sides {
  const { start } = packed;
  const wasm = wasmEvaluation(program, { tables: tablesOf(packed, 0), start, loss });
  if (wasm === undefined) throw new Error("WebAssembly does not run here");
  const javascript = new JavaScriptEvaluation(program, packed, 0, loss);
  for (const side of [wasm, javascript]) side.weigh(weights);
  return { wasm, javascript };
}

/** What an evaluation leaves. */
export function evaluated(side: FitEvaluation, theta: Float64Array, tau: number) {
  const gradient = new Float64Array(theta.length);
  const H = new Float64Array((theta.length * (theta.length + 1)) / 2);
  return { objective: side.evaluate(theta, tau, gradient, H), gradient, H };
}

/** Numbers agree, as shares of sizes. */
export function expectClose(
  found: Float64Array,
  expected: Float64Array,
  size: (i: number) => number,
  close = CLOSE,
): void {
  const far = [...expected].flatMap((x, i) => {
    const isClose = Math.abs(found[i] - x) <= close * size(i) || Object.is(found[i], x);
    return isClose ? [] : [{ i, found: found[i], expected: x, size: size(i) }];
  });
  expect(far).toEqual([]);
}

/** The objective; the gradient as a share of what it is at most; H in units of its diagonal. */
export function expectSame(
  { wasm, javascript }: Sides,
  theta: Float64Array,
  tau: number,
  close = CLOSE,
): void {
  const [a, b] = [wasm, javascript].map((side) => evaluated(side, theta, tau));
  expect(Number.isFinite(b.objective)).toBe(true);
  expect(Math.abs(a.objective - b.objective)).toBeLessThanOrEqual(CLOSE * b.objective);
  // At τ = 1 no run is missing in the matrix.
  const { H } = tau === 1 ? b : evaluated(javascript, theta, 1);
  const length = (i: number): number => Math.sqrt(H[(i * (i + 3)) / 2]);
  const steepest = (i: number): number => length(i) * Math.sqrt(2 * b.objective);
  expectClose(a.gradient, b.gradient, steepest, CLOSE_SLOPES);
  const coordinates = [...theta.keys()];
  const pairs = coordinates.flatMap((i) => coordinates.slice(0, i + 1).map((j) => [i, j]));
  expectClose(a.H, b.H, (ij) => length(pairs[ij][0]) * length(pairs[ij][1]), close);
}
