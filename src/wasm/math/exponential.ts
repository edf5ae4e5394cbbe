/**
 * eˣ and tanh x of two float64 numbers at once.
 *
 * Method: x = n·ln 2 + r with |r| ≤ ln 2/2 (Cody & Waite 1980); then with
 * r·coth(r/2) = 2 + r²·P(r²), of which c = r − r²·P(r²) is r less the rest,
 *
 *     eʳ = 1 + r + r·c/(2 − c)
 *
 * (K. C. Ng's form in Sun's fdlibm, 1993), and P a polynomial of degree 4 by Remez's algorithm,
 * 2⁻⁶¹ from it. n·ln 2 is subtracted in two parts, the first exact.
 */
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar.ts";
import { f64x2, i64x2, v128 } from "../simd.ts";
import { horner } from "./polynomial.ts";

const { add, sub, mul, div } = f64x2;

const P = [
  0.16666666666666555, -0.0027777777776698516, 6.6137562504414e-5, -1.653383731381477e-6,
  4.136048408607967e-8,
];
/** The first 33 bits of ln 2, so that products with whole numbers below 2²⁰ are exact. */
export const LN2_HIGH = 0.6931471803691238;
/** The rest of it. */
export const LN2_LOW = 1.9082149292705877e-10;
/** What is added to it is rounded to a whole number, in the last bits of the sum. */
export const TO_WHOLE = 1.5 * 2 ** 52;
/** Up to here 2ⁿ is a normal number. */
const LARGEST_FAST = 708;

/** eˣ = 2ⁿ·(1 + (high + low)): `shifted` is n + TO_WHOLE. */
export interface ReducedExp {
  readonly shifted: Local<"v128">;
  readonly n: Local<"v128">;
  readonly high: Local<"v128">;
  readonly low: Local<"v128">;
}

export function reducedExp(f: FunctionBuilder, module: ModuleBuilder, x: Code<"v128">): ReducedExp {
  const number = (value: number): Code<"v128"> => module.constant(value);
  const shifted = f.let(add(mul(x, number(Math.LOG2E)), number(TO_WHOLE)));
  const n = f.let(sub(shifted, number(TO_WHOLE)));
  const high = f.let(sub(x, mul(n, number(LN2_HIGH))));
  const rest = f.let(mul(n, number(LN2_LOW)));
  const r = f.let(sub(high, rest));
  const square = f.let(mul(r, r));
  const c = f.let(sub(r, mul(square, horner(module, square, P))));
  const low = f.let(sub(div(mul(r, c), sub(number(2), c)), rest));
  return { shifted, n, high, low };
}

/** y·2ⁿ where that is a normal number, as y is; `shifted` is n + TO_WHOLE. */
export const timesPower = (y: Code<"v128">, shifted: Code<"v128">): Code<"v128"> =>
  i64x2.add(y, i64x2.shl(shifted, 52));

/** 2ⁿ for a whole number n from −1022 to 1023. */
export const powerOfTwo = (module: ModuleBuilder, n: Code<"v128">): Code<"v128"> =>
  timesPower(module.constant(1), add(n, module.constant(TO_WHOLE)));

/** eˣ: 0.85 ulp, to the last subnormal number. */
export function exp(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): Code<"v128"> {
  const number = (value: number): Code<"v128"> => module.constant(value);
  const { shifted, high, low } = reducedExp(f, module, x);
  const y = f.let(add(number(1), add(high, low)));
  const result = f.let(timesPower(y, shifted));
  const isFast = f64x2.lt(f64x2.abs(x), number(LARGEST_FAST));
  f.if(i32.ne(i64x2.bitmask(isFast), 3), () => {
    // Beyond −746 and 710 it is 0 and infinity; so are products with two powers of half that n.
    const bounded = f64x2.max(f64x2.min(x, 710), -746);
    const wide = reducedExp(f, module, f.let(bounded));
    const half = f.let(f64x2.nearest(mul(wide.n, 0.5)));
    const scaled = mul(add(1, add(wide.high, wide.low)), powerOfTwo(module, half));
    f.set(result, mul(scaled, powerOfTwo(module, sub(wide.n, half))));
  });
  return result;
}

/**
 * tanh x = t/(t + 2) with t = e^(2|x|) − 1, and the sign of x. Beyond 22 it is 1. Where n = 0, t is
 * high + low, without a difference.
 */
export function tanh(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): Code<"v128"> {
  const size = f.let(f64x2.min(f64x2.abs(x), module.constant(22)));
  const { n, high, low } = reducedExp(f, module, f.let(add(size, size)));
  const scale = f.let(powerOfTwo(module, n));
  const t = f.let(add(mul(scale, add(high, low)), sub(scale, module.constant(1))));
  return v128.or(div(t, add(t, module.constant(2))), v128.and(x, module.constant(-0)));
}
