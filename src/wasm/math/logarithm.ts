/**
 * ln x and ln(1 + x) of two float64 numbers at once.
 *
 * Method: x = 2ᵏ·(1 + f) with 1 + f from √½ to √2; then with s = f/(2 + f) and z = s²,
 *
 *     ln(1 + f) = f − (f²/2 − s·(f²/2 + z·R(z))),   R(z) = ⅔ + ⅖z + …
 *
 * (K. C. Ng's form in Sun's fdlibm, 1993), and R a polynomial of degree 6 by Remez's algorithm,
 * 2⁻⁵⁸ from it. k·ln 2 is added in two parts, the first exact.
 */
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar.ts";
import { f64x2, i64x2, v128 } from "../simd.ts";
import { LN2_HIGH, LN2_LOW } from "./exponential.ts";
import { horner } from "./polynomial.ts";

type V128 = Code<"v128">;
const { add, sub, mul, div } = f64x2;

const R = [
  0.6666666666666731, 0.39999999999435165, 0.28571428738593463, 0.22222198909588556,
  0.18183548867713573, 0.15314405723007912, 0.14792722954528525,
];
const SMALLEST_NORMAL = 2 ** -1022;
/** Bits of a number, as one that can be a constant. */
const numberOf = (bits: bigint): number => new Float64Array(BigInt64Array.of(bits).buffer)[0];
const bitsOf = (x: number): bigint => new BigInt64Array(Float64Array.of(x).buffer)[0];
const FRACTION = (1n << 52n) - 1n;

/** x = 2ᵏ·m with m from √½ to √2; `biased` is k + 1023 as a whole number. x is normal. */
interface Split {
  readonly biased: Local<"v128">;
  readonly k: Local<"v128">;
  readonly m: V128;
}

function split(f: FunctionBuilder, module: ModuleBuilder, x: V128): Split {
  const bits = (value: bigint): V128 => module.constant(numberOf(value));
  const lowest = bitsOf(Math.SQRT1_2);
  // Moved so that the exponent changes at √2 times a power of 2.
  const moved = f.let(i64x2.add(x, bits(bitsOf(1) - lowest)));
  const biased = f.let(i64x2.shrU(moved, 52));
  // Behind the exponent of 2⁵² a whole number is itself.
  const k = f.let(sub(v128.or(biased, module.constant(2 ** 52)), module.constant(2 ** 52 + 1023)));
  const m = i64x2.add(v128.and(moved, bits(FRACTION)), bits(lowest));
  return { biased, k, m };
}

/** k·ln 2 + ln(1 + f) + rest; `square` is s². */
function assemble(
  module: ModuleBuilder,
  { f, s, square }: { readonly f: V128; readonly s: V128; readonly square: V128 },
  half: V128,
  k: V128,
  rest: V128,
): V128 {
  const series = mul(square, horner(module, square, R));
  const low = add(mul(s, add(half, series)), rest);
  return sub(mul(k, module.constant(LN2_HIGH)), sub(sub(half, low), f));
}

/** ln x of normal x; `lift` is subtracted from k. */
function normalLog(f: FunctionBuilder, module: ModuleBuilder, x: V128, lift?: V128): V128 {
  const { k: raw, m } = split(f, module, x);
  const k = lift === undefined ? raw : f.let(sub(raw, lift));
  const above = f.let(sub(m, module.constant(1)));
  const half = f.let(mul(mul(above, above), module.constant(0.5)));
  const s = f.let(div(above, add(above, module.constant(2))));
  const square = f.let(mul(s, s));
  return assemble(module, { f: above, s, square }, half, k, mul(k, module.constant(LN2_LOW)));
}

/** ln x: 0.8 ulp. −Infinity at ±0, NaN below. */
export function log(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 {
  const result = f.let(normalLog(f, module, x));
  const isNormal = v128.and(
    f64x2.ge(x, module.constant(SMALLEST_NORMAL)),
    f64x2.lt(x, module.constant(Infinity)),
  );
  f.if(i32.ne(i64x2.bitmask(isNormal), 3), () => {
    const isSmall = f.let(f64x2.lt(x, SMALLEST_NORMAL));
    const lifted = f.let(v128.bitselect(mul(x, 2 ** 54), x, isSmall));
    const lift = v128.and(isSmall, f64x2.const(54));
    f.set(result, normalLog(f, module, lifted, lift));
    f.set(result, v128.bitselect(-Infinity, result, f64x2.eq(x, 0)));
    f.set(result, v128.bitselect(NaN, result, f64x2.lt(x, 0)));
    // Infinity and NaN are their own logarithms.
    f.set(result, v128.bitselect(result, x, f64x2.lt(x, Infinity)));
  });
  return result;
}

/**
 * ln(1 + x): 0.8 ulp, −Infinity at −1, NaN below. 1 + x = u + c, u rounded; and
 * ln(u + c) = ln u + c/u, where c/u ≤ 2⁻⁵³ needs few digits: 1/(1 + f) ≈ 1 − 2s + 2s². Where k = 0,
 * f is x itself.
 */
export function log1p(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 {
  const number = (value: number): V128 => module.constant(value);
  const u = f.let(add(x, number(1)));
  // The error of the sum, exactly (Knuth's TwoSum).
  const back = f.let(sub(u, number(1)));
  const c = add(sub(number(1), sub(u, back)), sub(x, back));
  const { biased, k, m } = split(f, module, u);
  const isPlain = f.let(f64x2.eq(k, number(0)));
  const above = f.let(v128.bitselect(x, sub(m, number(1)), isPlain));
  const half = f.let(mul(mul(above, above), number(0.5)));
  const s = f.let(div(above, add(above, number(2))));
  const square = f.let(mul(s, s));
  // 2/2ᵏ
  const shrink = i64x2.shl(i64x2.sub(number(numberOf(2047n)), biased), 52);
  const inverse = add(number(0.5), sub(square, s));
  const correction = mul(mul(c, shrink), inverse);
  const rest = add(mul(k, number(LN2_LOW)), v128.andnot(correction, isPlain));
  const result = f.let(assemble(module, { f: above, s, square }, half, k, rest));
  // Its sign is that of x, −0 included.
  f.set(result, v128.or(result, v128.and(x, number(-0))));
  const isInside = v128.and(f64x2.gt(x, number(-1)), f64x2.lt(x, number(Infinity)));
  f.if(i32.ne(i64x2.bitmask(isInside), 3), () => {
    f.set(result, v128.bitselect(-Infinity, result, f64x2.eq(x, -1)));
    f.set(result, v128.bitselect(NaN, result, f64x2.lt(x, -1)));
    f.set(result, v128.bitselect(result, x, f64x2.lt(x, Infinity)));
  });
  return result;
}
