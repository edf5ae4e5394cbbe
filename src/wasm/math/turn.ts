/**
 * Large x = n·π/2 + r: the fraction of x·2/π from those 192 bits of 2/π that matter for x, as the
 * bits before them add whole turns, and those behind them nothing that is seen (Payne & Hanek
 * 1983).
 */
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64, i32, i64 } from "../scalar.ts";
import { f64x2, i64x2, type Lane } from "../simd.ts";

/** 64 zeros, then 2/π in binary: 32 bits a number. */
const TWO_OVER_PI = [
  0x00000000, 0x00000000, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041,
  0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e,
  0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b,
  0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d,
  0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab,
];
/** How many numbers of 32 bits are used. */
const LIMBS = 6;
const LOW_HALF = 0xffff_ffffn;
/** π/2: its first 26 bits, the rest, all. */
const UPPER = 1.5707963109016418;
const LOWER = Math.PI / 2 - UPPER + 6.123233995736766e-17;
const UPPER_BITS = -(1n << 27n);

type I64 = Code<"i64">;

/** Sets one lane of n (as a whole number), r and rest, where |x| is at least `from` and finite. */
export function turnLane(
  f: FunctionBuilder,
  module: ModuleBuilder,
  x: Code<"v128">,
  lane: Lane,
  from: number,
  into: Readonly<Record<"quarter" | "r" | "rest", Local<"v128">>>,
): void {
  const value = f.let(f64x2.extractLane(x, lane));
  const size = f.let(f64.abs(value));
  f.if(i32.and(f64.ge(size, from), f64.lt(size, Infinity)), () => {
    const [high, low] = fraction(f, module, size);
    // Of turns by π/2: the nearest whole number, and the signed rest in 62 bits and more.
    const quarter = i64.shrU(i64.add(i64.shrU(high, 61n), 1n), 1n);
    const signed = f.let(i64.shrS(i64.shl(high, 2n), 2n));
    const above = f.let(f64.mul(f64.convertI64S(i64.and(signed, ~LOW_HALF)), 2 ** -62));
    const below = f.let(f64.mul(f64.convertI64S(i64.and(signed, LOW_HALF)), 2 ** -62));
    const part = f.let(f64.add(above, below));
    const tail = f64.add(
      f64.sub(below, f64.sub(part, above)),
      f64.mul(f64.convertI64S(i64.shrU(low, 11n)), 2 ** -115),
    );
    // Times π/2, in two parts.
    const bits = i64.and(i64.reinterpretF64(part), UPPER_BITS);
    const partUpper = f.let(f64.reinterpretI64(bits));
    const product = f.let(f64.mul(partUpper, UPPER));
    const partRest = f64.add(f64.sub(part, partUpper), tail);
    const rest = f.let(f64.add(f64.mul(partUpper, LOWER), f64.mul(partRest, Math.PI / 2)));
    const r = f.let(f64.add(product, rest));
    const isNegative = f64.lt(value, 0);
    const sign = f.let(f64.copysign(1, value));
    const set = (local: Local<"v128">, number: Code<"f64">): void =>
      f.set(local, f64x2.replaceLane(local, lane, f64.mul(sign, number)));
    set(into.rest, f64.add(f64.sub(product, r), rest));
    set(into.r, r);
    const turned = i64.mul(quarter, i64.sub(1n, i64.shl(i64.extendI32U(isNegative), 1n)));
    f.set(into.quarter, i64x2.replaceLane(into.quarter, lane, turned));
  });
}

/** x·2/π mod 4: two words, of 2 bits before the point and 126 behind it. x = M·2ᵉ⁻¹⁰⁷⁵. */
function fraction(
  f: FunctionBuilder,
  module: ModuleBuilder,
  x: Code<"f64">,
): readonly [Local<"i64">, Local<"i64">] {
  const bits = f.let(i64.reinterpretF64(x));
  const mantissa = f.let(i64.or(i64.and(bits, (1n << 52n) - 1n), 1n << 52n));
  // Counted from the zeros on, the first bit that is worth less than 4 after the product.
  const first = f.let(i32.sub(i32.wrapI64(i64.shrU(bits, 52n)), 1075 - 62));
  const from = f.let(i32.add(module.constantsAddress, i32.shl(i32.shrU(first, 5), 3)));
  const shift = f.let(i64.extendI32U(i32.and(first, 31)));
  const table = module.table(TWO_OVER_PI);
  const word = (at: number): I64 => i64.truncSatF64U(f64.load(from, table + 8 * at));
  // 32 bits each, the lowest first.
  const limbs = Array.from({ length: LIMBS }, (_, n) => {
    const at = LIMBS - 1 - n;
    const two = i64.or(i64.shl(word(at), 32n), word(at + 1));
    return f.let(i64.shrU(i64.shl(two, shift), 32n));
  });
  const lower = timesAdd(
    f,
    limbs,
    f.let(i64.and(mantissa, LOW_HALF)),
    limbs.map(() => undefined),
  );
  const upper = timesAdd(f, limbs.slice(0, -1), f.let(i64.shrU(mantissa, 32n)), lower.slice(1));
  const pair = (at: number): Local<"i64"> => f.let(i64.or(i64.shl(upper[at], 32n), upper[at - 1]));
  return [pair(LIMBS - 2), pair(LIMBS - 4)];
}

/** limbs·factor + addends, without what is carried beyond the last. */
function timesAdd(
  f: FunctionBuilder,
  limbs: readonly I64[],
  factor: I64,
  addends: readonly (I64 | undefined)[],
): Local<"i64">[] {
  let carry: I64 | undefined;
  return limbs.map((limb, at) => {
    const terms = [i64.mul(limb, factor), addends[at], carry].filter((term) => term !== undefined);
    const sum = f.let(terms.reduce((a, b) => i64.add(a, b)));
    carry = i64.shrU(sum, 32n);
    return f.let(i64.and(sum, LOW_HALF));
  });
}
