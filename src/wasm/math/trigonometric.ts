/**
 * sin x, cos x and atan x of two float64 numbers at once.
 *
 * Method: x = n·π/2 + r with |r| ≤ π/4, r in two parts. Below 2²⁰·π/2, n·π/2 is subtracted in four
 * parts, three of them exact (Cody & Waite 1980). Above, the fraction of x·2/π comes from the bits
 * of 2/π that matter (turn.ts). Then polynomials of degree 13 and 14 in r by Remez's algorithm:
 * 0.8 ulp.
 */
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar.ts";
import { f64x2, i64x2, v128 } from "../simd.ts";
import { TO_WHOLE } from "./exponential.ts";
import { horner } from "./polynomial.ts";
import { turnLane } from "./turn.ts";

type V128 = Code<"v128">;
const { add, sub, mul, div } = f64x2;

/** sin r = r + r³·S(r²), cos r = 1 − r²/2 + r⁴·C(r²). */
const S = [
  -0.16666666666666632, 0.008333333333322457, -0.00019841269829817232, 2.7557313689202357e-6,
  -2.505075698750836e-8, 1.589669793988929e-10,
];
const C = [
  0.041666666666666616, -0.0013888888888876003, 2.4801587290488243e-5, -2.755731460745302e-7,
  2.08757542191541e-9, -1.1361095351795005e-11,
];
/** π/2 in parts of 33 bits, so that products with whole numbers below 2²⁰ are exact; the rest. */
const HALF_PI = [
  1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32,
];
const LARGEST_FAST = 1e6;

/** x = n·π/2 + r + rest: `quarter` has n in its last bits, as a whole number. */
interface Reduced {
  readonly quarter: Local<"v128">;
  readonly r: Local<"v128">;
  readonly rest: Local<"v128">;
}

function reduced(f: FunctionBuilder, module: ModuleBuilder, x: V128): Reduced {
  const number = (value: number): V128 => module.constant(value);
  const quarter = f.let(add(mul(x, number(2 / Math.PI)), number(TO_WHOLE)));
  const n = f.let(sub(quarter, number(TO_WHOLE)));
  const first = f.let(sub(x, mul(n, number(HALF_PI[0]))));
  const second = subtract(f, first, f.let(mul(n, number(HALF_PI[1]))));
  const third = subtract(f, second.value, f.let(mul(n, number(HALF_PI[2]))));
  const last = mul(n, number(HALF_PI[3]));
  const low = f.let(sub(add(second.error, third.error), last));
  const r = f.let(add(third.value, low));
  const rest = f.let(add(sub(third.value, r), low));
  f.if(i32.ne(i64x2.bitmask(f64x2.lt(f64x2.abs(x), number(LARGEST_FAST))), 3), () => {
    for (const lane of [0, 1] as const)
      turnLane(f, module, x, lane, LARGEST_FAST, { quarter, r, rest });
  });
  return { quarter, r, rest };
}

/** a − b, and what was rounded off (Knuth's TwoSum). */
function subtract(
  f: FunctionBuilder,
  a: V128,
  b: V128,
): { readonly value: Local<"v128">; readonly error: Local<"v128"> } {
  const value = f.let(sub(a, b));
  const back = f.let(sub(value, a));
  return { value, error: f.let(sub(sub(a, sub(value, back)), add(b, back))) };
}

/** sin(x + turns·π/2). */
const wave =
  (turns: 0 | 1) =>
  (f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 => {
    const { quarter, r, rest } = reduced(f, module, x);
    const number = (value: number): V128 => module.constant(value);
    const square = f.let(mul(r, r));
    const half = f.let(mul(square, number(0.5)));
    // sin(r + rest) ≈ sin r + rest·(1 − r²/2), cos(r + rest) ≈ cos r − rest·r
    const cubic = mul(mul(r, square), horner(module, square, S));
    const sine = f.let(add(r, add(cubic, mul(rest, sub(number(1), half)))));
    const one = f.let(sub(number(1), half));
    const lost = sub(sub(number(1), one), half);
    const quartic = mul(mul(square, square), horner(module, square, C));
    const cosine = f.let(add(one, add(lost, sub(quartic, mul(r, rest)))));
    const n = f.let(turns === 0 ? quarter : i64x2.add(quarter, 1n));
    // An odd quarter takes the other function, the second half of a turn the other sign.
    const isOdd = i64x2.eq(v128.and(n, 1n), i64x2.const(1n));
    const sign = i64x2.shl(i64x2.shrU(n, 1), 63);
    const value = v128.xor(v128.bitselect(cosine, sine, isOdd), sign);
    // −0 is its own sine.
    return turns === 0 ? v128.bitselect(x, value, f64x2.eq(x, number(0))) : value;
  };

export const sin = wave(0);
export const cos = wave(1);

/** atan t = t + t³·A(t²) for |t| ≤ 7/16, A of degree 10 by Remez's algorithm. */
const A = [
  -0.3333333333333302, 0.1999999999989441, -0.1428571427384324, 0.11111110457147313,
  -0.09090888309785024, 0.07691893066411996, -0.06661229649888929, 0.05834509711115203,
  -0.049803996314601626, 0.036606500035139156, -0.01635491662367894,
];
/** From which |x| on atan|x| is atan c + atan((|x| − c)/(1 + c·|x|)); atan c in two parts. */
const CENTERS = [
  { from: 7 / 16, c: 0.5, atan: 0.4636476090008061, rest: 2.2698777452961687e-17 },
  { from: 11 / 16, c: 1, atan: 0.7853981633974483, rest: 3.061616997868383e-17 },
  { from: 19 / 16, c: 1.5, atan: 0.982793723247329, rest: 1.3903311031230998e-17 },
];
/** From here on atan|x| = π/2 − atan(1/|x|). */
const FAR = { from: 39 / 16, atan: 1.5707963267948966, rest: 6.123233995736766e-17 };

/** atan x: 0.8 ulp. The centers are those of Sun's fdlibm (1993). */
export function atan(f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">): V128 {
  const number = (value: number): V128 => module.constant(value);
  const size = f.let(f64x2.abs(x));
  const above = f.let(size);
  const below = f.let(number(1));
  const high = f.let(number(0));
  const low = f.let(number(0));
  const choose = (from: number, values: readonly (readonly [Local<"v128">, V128])[]): void => {
    const isThere = f.let(f64x2.ge(size, number(from)));
    for (const [local, value] of values) f.set(local, v128.bitselect(value, local, isThere));
  };
  for (const { from, c, atan: center, rest } of CENTERS)
    choose(from, [
      [above, sub(size, number(c))],
      [below, add(number(1), mul(number(c), size))],
      [high, number(center)],
      [low, number(rest)],
    ]);
  choose(FAR.from, [
    [above, number(-1)],
    [below, size],
    [high, number(FAR.atan)],
    [low, number(FAR.rest)],
  ]);
  const t = f.let(div(above, below));
  const square = f.let(mul(t, t));
  const series = mul(mul(t, square), horner(module, square, A));
  const value = add(high, add(t, add(series, low)));
  return v128.or(value, v128.and(x, number(-0)));
}
