/**
 * ln(1 + x)/x and its derivatives, of two float64 numbers at once: the formulas of
 * `special-functions.ts`.
 */
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64x2, v128 } from "../simd.ts";
import { log1p } from "./logarithm.ts";
import { horner } from "./polynomial.ts";

type V128 = Code<"v128">;
const { add, sub, mul, div } = f64x2;

/** ln(1 + x)/x, 1 at x = 0. */
export function log1pc(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 {
  const one = module.constant(1);
  const isZero = f64x2.eq(x, module.constant(0));
  return v128.bitselect(one, div(log1p(f, module, x), x), isZero);
}

/** −½ + 2x/3 − 3x²/4 + … */
const SLOPES = Array.from({ length: 20 }, (_, j) => ((j % 2 === 0 ? -1 : 1) * (j + 1)) / (j + 2));
/** 2/3 − 3x/2 + 12x²/5 − … */
const BENDS = SLOPES.slice(1).map((c, j) => (j + 1) * c);

/** The derivative of log1pc: (1/(1 + x) − log1pc(x))/x, near 0 its series. */
export function dlog1pc(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 {
  const closed = f.let(closedSlope(f, module, x));
  return orSeries(f, module, x, closed, 0.05, SLOPES);
}

const closedSlope = (f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 => {
  const logarithm = f.let(log1p(f, module, x));
  const one = module.constant(1);
  return div(sub(div(one, add(one, x)), div(logarithm, x)), x);
};

/** Its second derivative: −(1/(1 + x)² + 2·dlog1pc(x))/x, near 0 its series. */
export function d2log1pc(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 {
  const slope = f.let(dlog1pc(f, module, x));
  const sum = f.let(add(module.constant(1), x));
  const inverse = div(module.constant(1), mul(sum, sum));
  const closed = f.let(f64x2.neg(div(add(inverse, add(slope, slope)), x)));
  return orSeries(f, module, x, closed, 0.1, BENDS);
}

/** `value`, or a series where |x| is below a bound. */
function orSeries(
  f: FunctionBuilder,
  module: ModuleBuilder,
  x: V128,
  value: Local<"v128">,
  bound: number,
  coefficients: readonly number[],
): V128 {
  const isNear = f.let(f64x2.lt(f64x2.abs(x), module.constant(bound)));
  f.if(v128.anyTrue(isNear), () =>
    f.set(value, v128.bitselect(horner(module, x, coefficients), value, isNear)),
  );
  return value;
}
